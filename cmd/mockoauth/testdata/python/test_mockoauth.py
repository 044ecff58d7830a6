"""Tests of an application as a Python team would write them, with Authlib and PyJWT."""

import secrets
import threading

import httpx
import jwt
import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from conftest import HTTP, TLS, ProblemError

CALLBACK = "http://localhost:3000/callback"


class App:
    """A web application: a client of its own that logs users in."""

    def __init__(self, idp):
        self.idp = idp
        client = idp.client(redirect_uris=[CALLBACK], scopes=["openid", "email", "offline_access", "read"])
        self.id = client["id"]
        self.metadata = HTTP.get(f"{idp.issuer}/.well-known/openid-configuration").json()
        self.keys = jwt.PyJWKClient(self.metadata["jwks_uri"])
        self.session = OAuth2Client(
            client["id"], client["secret"], redirect_uri=CALLBACK, scope="openid email offline_access",
            code_challenge_method="S256", token_endpoint=self.metadata["token_endpoint"], verify=TLS,
        )

    def sign_in(self):
        verifier, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(16)
        url, state = self.session.create_authorization_url(
            self.metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
        )
        response = HTTP.get(url)
        assert response.is_redirect, "the provider shows a page"
        back = response.headers["location"]  # where a browser would go, to the application's callback
        answer = httpx.URL(back).params
        if "error" in answer:
            raise OAuthError(answer["error"], answer.get("error_description"))
        tokens = self.session.fetch_token(
            self.metadata["token_endpoint"], authorization_response=back, state=state, code_verifier=verifier
        )
        return tokens, self.claims(tokens["id_token"], nonce=nonce)

    def claims(self, token, nonce=None):
        key = self.keys.get_signing_key_from_jwt(token)
        claims = jwt.decode(token, key, algorithms=["RS256"], audience=self.id, issuer=self.idp.issuer)
        if nonce and claims.get("nonce") != nonce:
            raise jwt.InvalidTokenError("the nonce is another")
        return claims

    def password(self, password="alice"):
        return self.session.fetch_token(self.metadata["token_endpoint"], username="alice", password=password, scope="read")


@pytest.fixture
def app(idp):
    return App(idp)


def test_the_first_user_is_logged_in_without_a_page(app):
    tokens, claims = app.sign_in()
    assert claims["sub"] == app.idp.fixtures["users"][0]["subject"]
    answer = app.session.get(app.metadata["userinfo_endpoint"])
    assert answer.json()["email"] == "apitester@example.com"


def test_a_user_whom_the_test_has_made(app):
    dave = app.idp.user(username="dave", password="d")
    app.idp.login("dave")
    _, claims = app.sign_in()
    assert claims["sub"] == dave["subject"]


def test_the_user_denies(app):
    app.idp.deny()
    with pytest.raises(OAuthError, match="access_denied"):
        app.sign_in()


@pytest.mark.parametrize("name", ["tampered_signature", "wrong_issuer", "wrong_nonce"])
def test_a_wrong_id_token_is_refused(app, name):
    app.idp.fault(name=name, times=1)
    with pytest.raises(jwt.InvalidTokenError):
        app.sign_in()
    app.sign_in()


def test_the_key_rotates_while_the_user_is_logged_in(app):
    app.idp.call("POST", "/keys", {"publish": True})  # PyJWT gets the key set at most once in a while
    tokens, before = app.sign_in()
    key = app.idp.rotate()[0]
    refreshed = app.session.refresh_token(app.metadata["token_endpoint"], refresh_token=tokens["refresh_token"])
    assert jwt.get_unverified_header(refreshed["id_token"])["kid"] == key["kid"]
    assert app.claims(refreshed["id_token"])["sub"] == before["sub"]


def test_the_user_becomes_another_at_a_refresh(app):
    tokens, before = app.sign_in()
    app.idp.login("alice", on="refresh")
    refreshed = app.session.refresh_token(app.metadata["token_endpoint"], refresh_token=tokens["refresh_token"])
    assert app.claims(refreshed["id_token"])["sub"] != before["sub"]


def test_the_provider_is_down_for_two_requests(app):
    app.idp.fault(at="token", status=503, headers={"Retry-After": "1"}, times=2)
    for _ in range(2):
        with pytest.raises(httpx.HTTPStatusError, match="503"):
            app.password()
    assert app.password()["token_type"] == "Bearer"


def test_a_token_expires_between_two_calls(app):
    token = app.password()["access_token"]
    assert app.idp.resource(token).status_code == 200
    assert app.idp.resource(token, "?scope=openid").status_code == 403
    app.idp.clock(advance="2h")
    refused = app.idp.resource(token)
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]


def test_all_of_a_user_is_revoked(app):
    token = app.password()["access_token"]
    assert app.idp.revoke(user="alice")["revoked"] > 0
    assert app.idp.resource(token).status_code == 401


def test_the_resource_asks_for_patience(app):
    token = app.password()["access_token"]
    app.idp.fault(at="resource", status=429, headers={"Retry-After": "1"}, times=1)
    answers = [app.idp.resource(token) for _ in range(2)]
    assert [a.status_code for a in answers] == [429, 200]
    assert answers[0].headers["retry-after"] == "1"


@pytest.mark.parametrize("forged", [{"key": "foreign"}, {"key": "none"}, {"claims": {"exp": 0}}, {"header": {"kid": "no-such"}}])
def test_a_token_that_nobody_should_accept(app, forged):
    token = app.idp.mint(user="alice", client=app.id, **forged)
    assert app.idp.resource(token).status_code == 401
    with pytest.raises(jwt.PyJWTError):
        app.claims(token)


def test_what_the_application_sent(app):
    with pytest.raises(OAuthError):
        app.password("wonderland")
    app.password()
    first, second = app.idp.requests(endpoint="token", client=app.id, count=2, wait="5s")
    assert first["reason"] == "wrong password of user 'alice'"
    assert second["status"] == 200
    assert "wonderland" not in str(first)


def test_requests_are_streamed_as_they_come(app):
    stream = app.idp.stream(client=app.id)
    next(stream)  # it is open
    sender = threading.Thread(target=app.password)
    sender.start()
    seen = next(stream)
    sender.join()
    stream.close()
    assert (seen["endpoint"], seen["grant"]) == ("token", "password")


def test_mistakes_are_told(idp):
    with pytest.raises(ProblemError, match='did you mean "token_unavailable"'):
        idp.fault(name="token_unavailabel")
    with pytest.raises(ProblemError, match="did you mean advance"):
        idp.clock(advnce="2h")
    assert idp.call("GET", "/faults?catalog=false")["active"] == []


@pytest.mark.parametrize("number", range(20))
def test_tenants_do_not_disturb_each_other(app, number):
    now = f"20{40 + number}-01-01T00:00:00Z"
    app.idp.clock(set=now, freeze=True)
    if number % 2:
        app.idp.fault(name="token_unavailable")
        with pytest.raises(httpx.HTTPStatusError):
            app.password()
    else:
        app.password()
    assert app.idp.call("GET", "/clock")["now"] == now
    assert len(app.idp.requests(endpoint="token")) == 1

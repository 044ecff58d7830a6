"""What a pytest suite needs of mockoauth: a tenant for each test, and the control's verbs.

Copy it into your own; it needs httpx.
"""

import json
import os
import ssl
import uuid

import httpx
import pytest

BASE = os.environ.get("MOCKOAUTH_URL", "http://localhost:9000")
TLS = ssl.create_default_context()  # once: to make one is slow
HTTP = httpx.Client(verify=TLS, timeout=70)  # a request may wait for a minute


class ProblemError(Exception):
    """What a problem document (RFC 9457) says."""

    def __init__(self, problem):
        lines = [problem["detail"]] + [f"{e['field']}: {e['message']}" for e in problem.get("errors", [])]
        super().__init__("\n".join(lines))
        self.problem = problem


class Tenant:
    """An issuer with users, clients, keys, clock, faults and requests of its own."""

    def __init__(self, name, **spec):
        made = self._send("POST", f"{BASE}/_mock/tenants", {"name": name, "ttl": "5m", **spec})
        self.name, self.issuer, self.control, self.fixtures = made["name"], made["issuer"], made["control"], made["fixtures"]

    @staticmethod
    def _send(method, url, body=None):
        response = HTTP.request(method, url, json=body)
        if response.is_error:
            raise ProblemError(response.json())
        return response.json() if response.content else None

    def call(self, method, path, body=None):
        return self._send(method, self.control + path, body)

    def delete(self):
        self._send("DELETE", f"{BASE}/_mock/tenants/{self.name}")

    def user(self, **user):
        return self.call("POST", "/users", user)

    def client(self, **client):
        return self.call("POST", "/clients", client)

    def login(self, user, **more):
        return self.call("POST", "/login", {"user": user, **more})

    def deny(self):
        return self.call("POST", "/login", {"deny": True})

    def fault(self, **order):
        return self.call("POST", "/faults", order)

    def clock(self, **move):
        return self.call("POST", "/clock", move)

    def rotate(self):
        return self.call("POST", "/keys", {"rotate": True})

    def revoke(self, **what):
        return self.call("POST", "/revoke", what)

    def mint(self, **minting):
        return self.call("POST", "/tokens", minting)["token"]

    def requests(self, **filters):
        """Lists the requests that match; with wait="2s" waits for count of them."""
        return self.call("GET", f"/requests?{httpx.QueryParams(filters)}")["requests"]

    def stream(self, **filters):
        """Yields None when it is open, and then each request as it comes."""
        with HTTP.stream("GET", f"{self.control}/requests/stream?{httpx.QueryParams(filters)}") as response:
            yield None
            for line in response.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

    def resource(self, token, path=""):
        return HTTP.get(f"{self.control}/resource{path}", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def tenant():
    """Makes tenants, which are gone when the test ends."""
    made = []

    def make(**spec):
        made.append(Tenant(f"pytest-{uuid.uuid4()}", **spec))
        return made[-1]

    yield make
    for idp in made:
        idp.delete()


@pytest.fixture
def idp(tenant):
    """A tenant as the provider begins, where whoever comes is logged in."""
    return tenant(login="auto")

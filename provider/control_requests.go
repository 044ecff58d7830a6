package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/mockoauth/mockoauth/provider/record"
)

// waitAtMost bounds how long a request for others is held.
const waitAtMost = time.Minute

// A RequestList is what GET /_mock/requests answers.
type RequestList struct {
	Requests record.Exchanges `json:"requests"` // the oldest first
	// Lost is how many were forgotten since the last time that all were, to make room.
	Lost uint64 `json:"lost"`
}

func listRequests(p *Provider, c *call) (RequestList, error) {
	f, refused := c.filter()
	if refused != nil {
		return RequestList{}, refused
	}
	patience, count, refused := c.patience()
	if refused != nil {
		return RequestList{}, refused
	}
	found := p.record.Select(f)
	if count > 0 {
		ctx, cancel := p.untilStopped(c)
		defer cancel()
		ctx, end := context.WithTimeout(ctx, patience)
		defer end()
		var err error
		if found, err = p.record.Wait(ctx, f, count); err != nil && ctx.Err() == nil {
			return RequestList{}, unprocessable("%v", err)
		}
	}
	if found == nil {
		found = record.Exchanges{}
	}
	return RequestList{p.shown(c, found), p.record.Lost()}, nil
}

// filter reads which requests are asked for.
func (c *call) filter() (record.Filter, *Refusal) {
	f, err := record.ParseFilter(c.URL.Query())
	if err != nil {
		return f, unprocessable("%v.", err)
	}
	if secrets := c.URL.Query().Get("secrets"); secrets != "" && secrets != "show" {
		return f, unprocessable("secrets is %q; it is show, or left out.", secrets)
	}
	return f, nil
}

// patience is for how long, and for how many requests, the call waits; for none when it
// does not.
func (c *call) patience() (time.Duration, int, *Refusal) {
	query := c.URL.Query()
	if !query.Has("wait") {
		if query.Has("count") {
			return 0, 0, unprocessable("count needs wait beside it, such as wait=2s.")
		}
		return 0, 0, nil
	}
	patience, err := time.ParseDuration(query.Get("wait"))
	if err != nil || patience < 0 || patience > waitAtMost {
		return 0, 0, unprocessable("wait is %q; it is a duration up to 1m, such as 2s or 500ms.", query.Get("wait"))
	}
	count := 1
	if query.Has("count") {
		if count, err = strconv.Atoi(query.Get("count")); err != nil || count < 1 {
			return 0, 0, unprocessable("count is %q; it is a whole number from 1 on.", query.Get("count"))
		}
	}
	return patience, count, nil
}

// untilStopped is the context of a call that waits: it ends with the server, too.
func (p *Provider) untilStopped(c *call) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(c.Context())
	after := context.AfterFunc(p.shared.stopping, cancel)
	return ctx, func() { after(); cancel() }
}

// shown hides what is secret in requests, unless the call wants to see it.
func (p *Provider) shown(c *call, found record.Exchanges) record.Exchanges {
	if c.URL.Query().Get("secrets") == "show" {
		return found
	}
	return found.Masked(p.roster.current.Load().scrub().secrets...)
}

func exportRequests(p *Provider, c *call) error {
	f, refused := c.filter()
	if refused != nil {
		return refused
	}
	archive, err := record.HAR(p.shown(c, p.record.Select(f)), "mockoauth")
	if err != nil {
		return err
	}
	header := c.w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Content-Disposition", `attachment; filename="mockoauth.har"`)
	_, _ = c.w.Write(archive) // a test that is gone needs no answer
	return nil
}

// stallAtMost is how long a reader of the stream may take to read a part of it.
const stallAtMost = 10 * time.Second

// streamRequests writes events until the reader goes, or reads no more.
func streamRequests(p *Provider, c *call) error {
	f, refused := c.filter()
	if refused != nil {
		return refused
	}
	if p.shared.recorded == 0 {
		return unprocessable("The record is off, so there is nothing to stream.")
	}
	if last := c.Header.Get("Last-Event-ID"); last != "" {
		id, err := strconv.ParseUint(last, 10, 64)
		if err != nil {
			return unprocessable("Last-Event-ID is %q; it is the id of an event.", last)
		}
		f.After = id
	} else if !c.URL.Query().Has("since") { // since=0 begins with the oldest
		f.After = p.record.LastID()
	}
	ctx, cancel := p.untilStopped(c)
	defer cancel()
	cursor := p.record.Follow(f)
	c.w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(c.w)
	write := func(text string) error {
		_ = control.SetWriteDeadline(time.Now().Add(stallAtMost)) // a recorder in a test has none
		if _, err := c.w.Write([]byte(text)); err != nil {
			return err
		}
		return control.Flush()
	}
	for err := write(": the requests as they come\n\n"); err == nil; {
		x, lost, ended := cursor.Next(ctx)
		if ended != nil {
			break
		}
		err = write(p.event(c, x, lost))
	}
	return nil
}

// event is an exchange as a server-sent event.
func (p *Provider) event(c *call, x record.Exchange, lost uint64) string {
	before := ""
	if lost > 0 {
		before = fmt.Sprintf("event: lost\ndata: {\"lost\":%d}\n\n", lost)
	}
	data, err := json.Marshal(p.shown(c, record.Exchanges{x})[0])
	if err != nil {
		data = []byte("{}") // which what it writes itself cannot be
	}
	return fmt.Sprintf("%sid: %d\nevent: request\ndata: %s\n\n", before, x.ID, data)
}

package admin

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// pacer spaces requests. A refusal because of too many halves the rate, once a second at most and not below an eighth;
// each success raises it again by a fiftieth, up to what it was.
type pacer struct {
	limiter *rate.Limiter

	mu     sync.Mutex
	most   float64   // requests a second; 0 is no limit
	now    float64   // the rate at present; 0 is no limit
	floor  float64   // after the first halving
	begin  time.Time // of the first request
	done   int       // requests that succeeded
	halved time.Time // last
}

// newPacer returns a pacer of most requests a second, 0 for no limit.
func newPacer(most float64) *pacer {
	return &pacer{limiter: rate.NewLimiter(limit(most), 1), most: most, now: most}
}

func limit(perSecond float64) rate.Limit {
	if perSecond == 0 {
		return rate.Inf
	}
	return rate.Limit(perSecond)
}

// wait returns when the next request may be made.
func (p *pacer) wait(ctx context.Context) error {
	p.mu.Lock()
	if p.begin.IsZero() {
		p.begin = time.Now()
	}
	p.mu.Unlock()
	return p.limiter.Wait(ctx)
}

// succeeded notes a request that was answered.
func (p *pacer) succeeded() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if p.now == p.most {
		return
	}
	p.now *= 1.02
	if p.most > 0 {
		p.now = math.Min(p.now, p.most)
	}
	p.limiter.SetLimit(limit(p.now))
}

// throttled notes a request that was refused because there were too many.
func (p *pacer) throttled() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.halved.IsZero() && time.Since(p.halved) < time.Second {
		return
	}
	if p.now == 0 { // what was reached so far
		p.now = math.Max(1, float64(p.done)/math.Max(time.Since(p.begin).Seconds(), 0.1))
	}
	if p.floor == 0 {
		p.floor = p.now / 8
	}
	p.halved, p.now = time.Now(), math.Max(p.now/2, p.floor)
	p.limiter.SetLimit(limit(p.now))
}

//! Whether to sleep or to poll for something that another thread is about to bring about. What that is, and
//! how it is polled for, those know who wait; they say when each wait begins and ends.
//!
//! Waking a thread costs 2 µs where it takes over the core of its waker, and 25 where another core must be
//! brought back from its halt. Polling costs neither, but where no core is free it takes time from the very
//! thread that is waited for. Which of the two it is, a program cannot ask; so both are tried, and what was
//! faster is used until the next trial. Figures are in `docs/design/performance.md`.
#![forbid(unsafe_code)]

use std::time::{Duration, Instant};

/// How to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Until woken.
    Sleep,
    /// Looking again and again, for a while.
    Poll,
}

impl Way {
    fn other(self) -> Self {
        match self {
            Self::Sleep => Self::Poll,
            Self::Poll => Self::Sleep,
        }
    }
}

/// How many of the last waits count; their median is what a way costs.
const KEPT: usize = 7;

/// Waits in a trial: the first ones still feel what was there before.
const TRIAL: u32 = KEPT as u32 + 4;

/// Waits between two trials: doubled by each that changes nothing.
const SHORTEST_PAUSE: u32 = 64;
const LONGEST_PAUSE: u32 = 16 * 1024;

/// Between two looks whether things are as they were when the last trial ended.
const LOOK_EVERY: u32 = 32;

/// Sleeping need not be tried to the end if this many waits took more than twice as long as polling does.
const LOST: usize = 4;

/// What a trial of the worse way cost more must not be a larger part of all that is waited until the next.
const COSTS_AT_MOST: u32 = 32;

/// Durations of the last waits, in nanoseconds.
#[derive(Clone, Copy, Debug)]
struct Recent {
    waits: [u32; KEPT],
    count: usize,
}

impl Recent {
    const NONE: Self = Self {
        waits: [0; KEPT],
        count: 0,
    };

    fn add(&mut self, wait: Duration) {
        self.waits[self.count % KEPT] = u32::try_from(wait.as_nanos()).unwrap_or(u32::MAX);
        self.count = self.count.wrapping_add(1);
    }

    /// How much longer all of them took than as many of `usual` do.
    fn excess(&self, usual: u32) -> u32 {
        let kept = &self.waits[..self.count.min(KEPT)];
        kept.iter().fold(0, |sum: u32, &wait| {
            sum.saturating_add(wait.saturating_sub(usual))
        })
    }

    /// Whether the first ones were all more than twice as long as `usual`.
    fn is_lost_against(&self, usual: u32) -> bool {
        self.count == LOST && self.waits[..LOST].iter().all(|&wait| wait / 2 > usual)
    }

    fn median(&self) -> u32 {
        let mut waits = self.waits;
        waits.sort_unstable();
        waits[KEPT / 2]
    }
}

/// What one thread has learnt of waits of one kind.
#[derive(Debug)]
pub struct Pace {
    /// The better one at the last trial.
    way: Way,
    recent: Recent,
    /// The median when the last trial ended.
    was: u32,
    pause: u32,
    /// Waits until the next trial.
    left: u32,
    /// A trial of the other way: what it cost, and the waits that it still has.
    trial: Option<(Recent, u32)>,
    /// When the wait began that is under way.
    since: Option<Instant>,
}

impl Default for Pace {
    fn default() -> Self {
        Self::new()
    }
}

impl Pace {
    /// Of one who sleeps as long as nothing else was tried.
    pub const fn new() -> Self {
        Self {
            way: Way::Sleep,
            recent: Recent::NONE,
            was: u32::MAX,
            pause: SHORTEST_PAUSE,
            left: SHORTEST_PAUSE,
            trial: None,
            since: None,
        }
    }

    /// A wait begins, for the only thing that is under way.
    pub fn begin(&mut self, now: Instant) -> Way {
        self.since = Some(now);
        match self.trial {
            Some(_) => self.way.other(),
            None => self.way,
        }
    }

    /// It is not the only one any more, or was given up: how long it takes says nothing.
    pub fn forget(&mut self) {
        self.since = None;
    }

    /// What was waited for is there.
    pub fn end(&mut self, now: Instant) {
        let Some(since) = self.since.take() else {
            return;
        };
        let wait = now.saturating_duration_since(since);
        if let Some((tried, left)) = &mut self.trial {
            tried.add(wait);
            *left -= 1;
            let tried = *tried;
            if *left == 0 {
                self.decide(tried);
            } else if self.way == Way::Poll && tried.is_lost_against(self.recent.median()) {
                self.keep(tried);
            }
            return;
        }
        self.recent.add(wait);
        self.left -= 1;
        let is_worse = || self.recent.median() / 3 > self.was / 2;
        if self.left == 0 || self.left.is_multiple_of(LOOK_EVERY) && is_worse() {
            self.trial = Some((Recent::NONE, TRIAL));
        }
    }

    fn decide(&mut self, tried: Recent) {
        let (old, new) = (self.recent.median(), tried.median());
        // Where both are alike, sleeping leaves the cores to others.
        let is_better = match self.way {
            Way::Sleep => new < old / 4 * 3,
            Way::Poll => new / 5 < old / 4,
        };
        if !is_better {
            return self.keep(tried);
        }
        self.trial = None;
        self.way = self.way.other();
        self.recent = tried;
        self.was = new;
        self.pause = SHORTEST_PAUSE;
        self.left = self.pause;
    }

    /// The other way was no better: it is tried again much later the more it cost.
    fn keep(&mut self, tried: Recent) {
        self.trial = None;
        self.was = self.recent.median();
        let worth = tried.excess(self.was) / (self.was / COSTS_AT_MOST).max(1);
        self.pause = (self.pause * 2).max(worth).min(LONGEST_PAUSE);
        self.left = self.pause;
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_PAUSE, Pace, Way};
    use std::time::{Duration, Instant};

    /// Runs `jobs` one at a time, which take what `cost` says; counts those that were polled for.
    fn run(pace: &mut Pace, jobs: u32, cost: impl Fn(Way) -> u64) -> u32 {
        let mut now = Instant::now();
        let mut polled = 0;
        for _ in 0..jobs {
            let way = pace.begin(now);
            polled += u32::from(way == Way::Poll);
            now += Duration::from_micros(cost(way));
            pace.end(now);
        }
        polled
    }

    #[test]
    fn the_faster_way_is_found_and_kept() {
        let idle = |way| if way == Way::Poll { 5 } else { 50 };
        let mut pace = Pace::new();
        assert_eq!(
            run(&mut pace, 64, idle),
            0,
            "first what is there is measured"
        );
        assert!(run(&mut pace, 100_000, idle) > 99_000);
        let busy = |way| if way == Way::Poll { 33 } else { 7 };
        let mut pace = Pace::new();
        let polled = run(&mut pace, 100_000, busy);
        assert!((11..=400).contains(&polled), "{polled} polled");
    }

    #[test]
    fn a_change_is_noticed_before_the_next_trial_is_due() {
        let mut pace = Pace::new();
        run(
            &mut pace,
            300_000,
            |way| if way == Way::Poll { 5 } else { 50 },
        );
        assert_eq!(pace.way, Way::Poll);
        assert_eq!(pace.pause, LONGEST_PAUSE);
        run(&mut pace, 100, |way| if way == Way::Poll { 33 } else { 7 });
        assert_eq!(pace.way, Way::Sleep);
        run(&mut pace, 200, |way| if way == Way::Poll { 5 } else { 50 });
        assert_eq!(pace.way, Way::Poll);
    }

    #[test]
    fn what_trials_of_sleeping_cost_is_a_small_part() {
        let mut pace = Pace::new();
        let cost = |way| if way == Way::Poll { 3 } else { 90 };
        run(&mut pace, 64 + 11, cost);
        assert_eq!(pace.way, Way::Poll);
        let waits = 100_000;
        let slept = waits - run(&mut pace, waits, cost);
        let (sleeping, all) = (
            u64::from(slept) * cost(Way::Sleep),
            u64::from(waits) * cost(Way::Poll),
        );
        assert!(slept > 0 && sleeping < all / 16, "{slept} slept");
    }

    #[test]
    fn a_trial_of_sleeping_that_is_half_lost_goes_on() {
        let mut pace = Pace::new();
        run(
            &mut pace,
            64 + 11,
            |way| if way == Way::Poll { 20 } else { 50 },
        );
        run(&mut pace, 64, |_| 20);
        assert_eq!(pace.way, Way::Poll);
        // As after a change of cores: slow at first only.
        run(&mut pace, 3, |_| 50);
        run(&mut pace, 8, |_| 7);
        assert_eq!(pace.way, Way::Sleep);
    }

    #[test]
    fn nobody_polls_for_long_jobs() {
        let mut pace = Pace::new();
        let polled = run(&mut pace, 10_000, |way| {
            if way == Way::Poll { 5_000 } else { 5_040 }
        });
        assert!(polled <= 110, "{polled} polled");
    }

    #[test]
    fn jobs_side_by_side_are_not_measured() {
        let mut pace = Pace::new();
        let now = Instant::now();
        for _ in 0..1_000 {
            assert_eq!(pace.begin(now), Way::Sleep);
            pace.forget();
            pace.end(now);
        }
    }
}

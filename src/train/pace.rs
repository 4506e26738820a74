//! How much work is submitted at once: little enough that the page's own
//! drawing and other calls get their turn on the GPU, and that no watchdog
//! wakes; enough that a fast GPU is not kept waiting.

use std::ops::Range;
use std::time::Duration;

use web_time::Instant;

use crate::engine::{Device, DeviceKind, Executable};
use crate::kernels::{Dispatch, WORKGROUPS_PER_DIMENSION};

/// Milliseconds of work that may stand in the queue: less than a frame at 60 a
/// second.
const QUEUED: f64 = 12.0;

/// The same for a processor that plays the GPU: its threads wait for each other
/// at the end of every part, which made training a third slower at 12, and it
/// draws on its own time anyway. Other calls wait no longer than this.
const PART_ON_CPU: f64 = 250.0;

/// The share of a dispatch that shows how long all of it takes.
const TRIAL: f64 = 1.0 / 32.0;

/// The least that a wait counts, in milliseconds: to a browser with a coarse
/// clock much takes no time at all, and no factor would correct that.
const SHORTEST: f64 = 0.01;

/// A time from a caller that may say anything: none where it is negative or no number.
pub fn duration(milliseconds: f64) -> Duration {
    /// Longer than anybody waits.
    const LONGEST: f64 = 1e12;
    // The larger of NaN and a number is the number.
    let not_negative = milliseconds.max(0.0);
    Duration::from_secs_f64(not_negative.min(LONGEST) / 1e3)
}

/// A place in a list of dispatches: before a workgroup of one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub dispatch: usize,
    workgroup: u32,
}

impl Place {
    /// Before the first workgroup of a dispatch.
    pub fn before(dispatch: usize) -> Self {
        Self {
            dispatch,
            workgroup: 0,
        }
    }
}

/// What is submitted at once: whole dispatches, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    dispatches: Range<usize>,
    /// The workgroups of the only dispatch.
    part: Option<Range<u32>>,
    /// Where the work goes on.
    pub next: Place,
}

impl Piece {
    pub fn submit(&self, executable: &Executable, device: &Device) {
        match &self.part {
            Some(part) => executable.run_part(device, self.dispatches.start, part.clone()),
            None => executable.run_steps(device, self.dispatches.clone()),
        }
    }
}

/// Divides a list of dispatches into submits by the times that they took before.
#[derive(Debug)]
pub(super) struct Pace {
    /// The workgroups of each dispatch that can run by themselves.
    parts: Vec<u32>,
    /// Milliseconds of each dispatch; none until it ran.
    times: Vec<Option<f64>>,
    /// Milliseconds of a part of a dispatch.
    part: f64,
    /// What was submitted since the device was waited for, and when that began.
    queued: Vec<Piece>,
    since: Instant,
}

impl Pace {
    /// For dispatches whose times are not known yet.
    pub fn new(dispatches: &[Dispatch], kind: DeviceKind) -> Self {
        Self {
            parts: dispatches
                .iter()
                .map(|dispatch| match kind {
                    // It runs whole dispatches.
                    DeviceKind::Processor => 1,
                    _ => dispatch.parts(),
                })
                .collect(),
            times: vec![None; dispatches.len()],
            part: match kind {
                DeviceKind::Software | DeviceKind::Processor => PART_ON_CPU,
                _ => QUEUED,
            },
            queued: Vec::new(),
            since: Instant::now(),
        }
    }

    /// What to submit next, up to the dispatch `end`: known ones as far as they
    /// fit into the queue; of a long one, and of one that is unknown, a part.
    pub fn piece(&self, from: Place, end: usize) -> Piece {
        let Place {
            dispatch,
            workgroup,
        } = from;
        let share = self.times[dispatch].map_or(TRIAL, |time| self.part / time);
        let parts = self.parts[dispatch];
        if workgroup > 0 || (share < 1.0 && parts > 1) {
            let count = (share * f64::from(parts)) as u32;
            let last = workgroup + count.clamp(1, WORKGROUPS_PER_DIMENSION);
            return Piece {
                dispatches: dispatch..dispatch + 1,
                part: Some(workgroup..last.min(parts)),
                next: match last < parts {
                    true => Place {
                        dispatch,
                        workgroup: last,
                    },
                    false => Place::before(dispatch + 1),
                },
            };
        }
        let mut sum = 0.0;
        let fits = |time: &&Option<f64>| {
            sum += time.unwrap_or(f64::INFINITY);
            sum <= QUEUED
        };
        let times = self.times[dispatch..end].iter();
        let count = times.take_while(fits).count();
        let last = dispatch + count.max(1);
        Piece {
            dispatches: dispatch..last,
            part: None,
            next: Place::before(last),
        }
    }

    /// Whether the device must be waited for before this piece is submitted.
    pub fn is_full(&self, piece: &Piece) -> bool {
        let expected = self.expected(piece) + self.expected_in_queue();
        !self.queued.is_empty() && expected > QUEUED
    }

    /// Notes that a piece was submitted.
    pub fn submitted(&mut self, piece: Piece) {
        if self.queued.is_empty() {
            self.since = Instant::now();
        }
        self.queued.push(piece);
    }

    /// Notes that the device has done all that was submitted.
    pub fn done(&mut self) {
        let elapsed = (self.since.elapsed().as_secs_f64() * 1e3).max(SHORTEST);
        let expected = self.expected_in_queue();
        // Waiting itself takes time, which would count for each of many small
        // dispatches: the times follow what was measured, by and by.
        let factor = (elapsed / expected).clamp(0.25, 4.0);
        for piece in std::mem::take(&mut self.queued) {
            let share = self.share(&piece);
            for time in &mut self.times[piece.dispatches] {
                let follow = |time| time * 0.5 * (1.0 + factor);
                *time = Some(time.map_or(elapsed / share, follow));
            }
        }
    }

    /// The share of its dispatch that a part is; 1 for whole dispatches.
    fn share(&self, piece: &Piece) -> f64 {
        let parts = self.parts[piece.dispatches.start];
        let share = |part: &Range<u32>| part.len() as f64 / f64::from(parts);
        piece.part.as_ref().map_or(1.0, share)
    }

    fn expected(&self, piece: &Piece) -> f64 {
        let times = self.times[piece.dispatches.clone()].iter();
        let all: f64 = times.map(|time| time.unwrap_or(f64::INFINITY)).sum();
        all * self.share(piece)
    }

    fn expected_in_queue(&self) -> f64 {
        self.queued.iter().map(|piece| self.expected(piece)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(parts: &[u32], times: &[Option<f64>]) -> Pace {
        Pace {
            parts: parts.to_vec(),
            times: times.to_vec(),
            part: QUEUED,
            queued: Vec::new(),
            since: Instant::now(),
        }
    }

    #[test]
    fn what_is_unknown_runs_alone_and_what_is_short_together() {
        let times = [Some(5.0), Some(5.0), Some(5.0), Some(50.0), None, Some(1.0)];
        let pace = pace(&[1; 6], &times);
        let piece = |from| {
            let piece = pace.piece(Place::before(from), 6);
            assert_eq!(piece.part, None);
            assert_eq!(piece.next, Place::before(piece.dispatches.end));
            piece.dispatches
        };
        assert_eq!([0, 2, 3, 4, 5].map(piece), [0..2, 2..3, 3..4, 4..5, 5..6]);
    }

    #[test]
    fn what_is_long_runs_in_parts_and_what_is_unknown_is_tried() {
        let mut pace = pace(&[1000, 100_000, 10], &[Some(48.0), Some(12.5), None]);
        let mut parts = Vec::new();
        let mut at = Place::before(0);
        while at.dispatch == 0 {
            let piece = pace.piece(at, 3);
            assert_eq!(piece.dispatches, 0..1);
            parts.push(piece.part.expect("a part"));
            at = piece.next;
        }
        assert_eq!(parts, [0..250, 250..500, 500..750, 750..1000]);
        let limited = pace.piece(Place::before(1), 3);
        assert_eq!(limited.part, Some(0..WORKGROUPS_PER_DIMENSION));

        let trial = pace.piece(Place::before(2), 3);
        assert_eq!(trial.part, Some(0..1));
        let rest = pace.piece(trial.next, 3);
        pace.submitted(trial);
        assert!(pace.is_full(&rest), "nothing waits behind a trial");
        pace.done();
        assert!(pace.times[2].is_some_and(f64::is_finite));
        let rest = pace.piece(rest.next, 3);
        assert!(rest.part.is_some(), "what was begun is not begun anew");
    }

    #[test]
    fn any_number_is_a_time() {
        assert_eq!(duration(1500.0), Duration::from_millis(1500));
        for none in [-1.0, f64::NAN, f64::NEG_INFINITY] {
            assert_eq!(duration(none), Duration::ZERO, "{none}");
        }
        assert!(duration(f64::INFINITY) > Duration::from_secs(1_000_000));
    }

    #[test]
    fn what_a_coarse_clock_does_not_see_counts_yet() {
        let mut pace = pace(&[1], &[None]);
        let piece = pace.piece(Place::before(0), 1);
        pace.submitted(piece);
        pace.since = Instant::now();
        pace.done();
        assert!(pace.times[0] >= Some(SHORTEST));
    }

    #[test]
    fn the_queue_takes_what_a_frame_can_bear() {
        let mut pace = pace(&[1; 3], &[Some(5.0), Some(6.0), None]);
        let [first, second, third] = [0, 1, 2].map(|index| Piece {
            dispatches: index..index + 1,
            part: None,
            next: Place::before(index + 1),
        });
        assert!(!pace.is_full(&third), "an empty queue takes anything");
        pace.submitted(first.clone());
        assert!(!pace.is_full(&second));
        assert!(pace.is_full(&third));
        pace.submitted(second);
        assert!(pace.is_full(&first));
        pace.done();
        assert!(pace.times[0] < Some(5.0), "the times follow the clock");
        assert!(!pace.is_full(&first));
    }
}

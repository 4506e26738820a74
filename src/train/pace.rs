//! How much work is submitted at once: little enough that the page's own
//! drawing and other calls get their turn on the GPU, and that no watchdog
//! wakes; enough that a fast GPU is not kept waiting.

use std::ops::Range;

use web_time::Instant;

/// Milliseconds of work that may stand in the queue: less than a frame at 60 a
/// second.
const QUEUED: f64 = 12.0;

/// Divides a list of dispatches into submits by the times that they took before.
#[derive(Debug)]
pub(super) struct Pace {
    /// Milliseconds of each dispatch; none until it ran.
    times: Vec<Option<f64>>,
    /// What was submitted since the device was waited for, and when that began.
    queued: Vec<Range<usize>>,
    since: Instant,
}

impl Pace {
    /// For so many dispatches, whose times are not known yet.
    pub fn new(dispatches: usize) -> Self {
        Self {
            times: vec![None; dispatches],
            queued: Vec::new(),
            since: Instant::now(),
        }
    }

    /// The dispatches to submit next: a dispatch of unknown time alone, known
    /// ones as far as they fit into the queue.
    pub fn piece(&self, work: Range<usize>) -> Range<usize> {
        let mut sum = 0.0;
        let mut end = work.start;
        for time in &self.times[work.clone()] {
            sum += time.unwrap_or(f64::INFINITY);
            if end > work.start && sum > QUEUED {
                break;
            }
            end += 1;
        }
        work.start..end
    }

    /// Whether the device must be waited for before this piece is submitted.
    pub fn is_full(&self, piece: &Range<usize>) -> bool {
        let expected = self.expected(piece) + self.expected_in_queue();
        !self.queued.is_empty() && (expected.is_nan() || expected > QUEUED)
    }

    /// Notes that a piece was submitted.
    pub fn submitted(&mut self, piece: Range<usize>) {
        if self.queued.is_empty() {
            self.since = Instant::now();
        }
        self.queued.push(piece);
    }

    /// Notes that the device has done all that was submitted.
    pub fn done(&mut self) {
        let elapsed = self.since.elapsed().as_secs_f64() * 1e3;
        let expected = self.expected_in_queue();
        // Waiting itself takes time, which would count for each of many small
        // dispatches: the times follow what was measured, by and by.
        let factor = (elapsed / expected).clamp(0.25, 4.0);
        for dispatch in self.queued.drain(..).flatten() {
            let time = &mut self.times[dispatch];
            *time = Some(time.map_or(elapsed, |time| time * 0.5 * (1.0 + factor)));
        }
    }

    fn expected(&self, piece: &Range<usize>) -> f64 {
        let times = self.times[piece.clone()].iter();
        times.map(|time| time.unwrap_or(f64::INFINITY)).sum()
    }

    fn expected_in_queue(&self) -> f64 {
        self.queued.iter().map(|piece| self.expected(piece)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_runs_alone_and_what_is_short_together() {
        let mut pace = Pace::new(6);
        assert_eq!(pace.piece(0..6), 0..1);
        pace.times = vec![Some(5.0), Some(5.0), Some(5.0), Some(50.0), None, Some(1.0)];
        assert_eq!(pace.piece(0..6), 0..2);
        assert_eq!(pace.piece(2..6), 2..3);
        assert_eq!(pace.piece(3..6), 3..4);
        assert_eq!(pace.piece(4..6), 4..5);
        assert_eq!(pace.piece(5..6), 5..6);
    }

    #[test]
    fn the_queue_takes_what_a_frame_can_bear() {
        let mut pace = Pace::new(3);
        pace.times = vec![Some(5.0), Some(6.0), None];
        assert!(!pace.is_full(&(2..3)), "an empty queue takes anything");
        pace.submitted(0..1);
        assert!(!pace.is_full(&(1..2)));
        assert!(pace.is_full(&(2..3)));
        pace.submitted(1..2);
        assert!(pace.is_full(&(0..1)));
        pace.done();
        assert!(pace.times[0] < Some(5.0), "the times follow the clock");
        assert!(!pace.is_full(&(0..1)));
    }
}

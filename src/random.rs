//! The host's random numbers: a hash of seed, stream and index, so that any
//! number can be drawn again without drawing those before it, and a resumed run
//! needs no state but its step.

/// What numbers are drawn for; streams of one seed are independent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Stream {
    /// Initial weights.
    Weights = 1,
    /// The order of the samples.
    Shuffle = 2,
    /// Crops, mirroring and colour noise.
    Augmentation = 3,
    /// Which samples validate.
    Split = 4,
}

/// A sequence of numbers of one seed, stream and item (a parameter, an epoch, a
/// sample).
#[derive(Debug, Clone)]
pub struct Random {
    key: u32,
    index: u32,
}

impl Random {
    /// The sequence from its first number on.
    pub fn new(seed: u32, stream: Stream, item: u32) -> Self {
        let key = hash(item.wrapping_add(hash((stream as u32).wrapping_add(hash(seed)))));
        Self { key, index: 0 }
    }

    /// 32 random bits.
    pub fn bits(&mut self) -> u32 {
        // Hashed before they meet, so that no sequence is another one shifted.
        let bits = hash(hash(self.index) ^ self.key);
        self.index = self.index.wrapping_add(1);
        bits
    }

    /// Uniform from 0 to below 1, in steps of 2^-24.
    pub fn uniform(&mut self) -> f64 {
        f64::from(self.bits() >> 8) / f64::from(1 << 24)
    }

    /// Uniform from 0 to below `bound`.
    pub fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.bits()) * u64::from(bound)) >> 32) as u32
    }

    /// Standard normal (Marsaglia's polar method, 1964).
    pub fn normal(&mut self) -> f64 {
        loop {
            let [x, y] = [(); 2].map(|()| 2.0 * self.uniform() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * (-2.0 * square.ln() / square).sqrt();
            }
        }
    }

    /// A random order of `0..count` (Fisher and Yates).
    pub fn order(&mut self, count: usize) -> Vec<u32> {
        let mut order: Vec<u32> = (0..count as u32).collect();
        for last in (1..order.len()).rev() {
            order.swap(last, self.below(last as u32 + 1) as usize);
        }
        order
    }
}

/// The PCG hash of Jarzynski and Olano (2020), as `shaders/dropout.wgsl` has it.
fn hash(value: u32) -> u32 {
    let state = value.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    let word = ((state >> ((state >> 28) + 4)) ^ state).wrapping_mul(277_803_737);
    (word >> 22) ^ word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_numbers_come_again_and_other_streams_differ() {
        let draw = |seed, stream, item| {
            let mut random = Random::new(seed, stream, item);
            [random.bits(), random.bits(), random.bits()]
        };
        let first = draw(1, Stream::Weights, 0);
        assert_eq!(first, draw(1, Stream::Weights, 0));
        assert_ne!(first, draw(2, Stream::Weights, 0));
        assert_ne!(first, draw(1, Stream::Shuffle, 0));
        assert_ne!(first, draw(1, Stream::Weights, 1));
    }

    #[test]
    fn normal_numbers_have_mean_0_and_variance_1() {
        let mut random = Random::new(5, Stream::Weights, 0);
        let draws: Vec<f64> = (0..40_000).map(|_| random.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 40_000.0;
        let variance = draws.iter().map(|v| v * v).sum::<f64>() / 40_000.0;
        // Three standard errors: 3 / sqrt(n) and 3 sqrt(2 / n).
        assert!(mean.abs() < 0.015, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.0213, "variance {variance}");
    }

    #[test]
    fn an_order_holds_every_number_once() {
        let mut order = Random::new(9, Stream::Shuffle, 3).order(1000);
        assert_ne!(order, (0..1000).collect::<Vec<u32>>());
        order.sort_unstable();
        assert_eq!(order, (0..1000).collect::<Vec<u32>>());
    }
}

//! Mirror of `shaders/map_statistics.wgsl`: the largest absolute value and the mean of
//! each map.

use crate::contract::map_statistics::{Constants, Forward, Mirror};
use crate::simd::Processor;

impl Mirror for Processor {
    fn forward(&self, constants: &Constants, arguments: Forward<'_>) {
        let Forward { x, statistics } = arguments;
        let (units, positions) = (constants.units, constants.positions);
        let own = &mut statistics[2 * constants.first..][..2 * units];
        own.fill(0.0);
        for x in x.chunks_exact(units).take(positions) {
            for (entry, x) in own.chunks_exact_mut(2).zip(x) {
                entry[0] = entry[0].max(x.abs());
                entry[1] += x;
            }
        }
        for entry in own.chunks_exact_mut(2) {
            entry[1] /= positions as f32;
        }
    }
}

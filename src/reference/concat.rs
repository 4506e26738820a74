//! `y[..., first + c] = x[..., c]`, the channels of each input behind those of
//! the inputs before it.

use super::Maps;

pub fn element(inputs: &[Maps], [n, i, j, mut c]: [usize; 4]) -> f64 {
    for x in inputs {
        let [_, _, _, channels] = x.size;
        if c < channels {
            return x.at([n, i, j, c]);
        }
        c -= channels;
    }
    panic!("as many channels as all inputs have")
}

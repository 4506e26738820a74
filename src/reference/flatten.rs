//! `y[n, (c * height + i) * width + j] = x[n,i,j,c]`: the order of files, not
//! that of the GPU's maps.

use super::Maps;

pub fn element(x: &Maps, [n, _, _, feature]: [usize; 4]) -> f64 {
    let [_, height, width, _] = x.size;
    let (i, j) = (feature / width % height, feature % width);
    x.at([n, i, j, feature / (height * width)])
}

//! `y[n,o] = bias[o] + sum_i x[n,i] * weight[o,i]`.

pub fn forward(batch: usize, x: &[f64], weight: &[f64], bias: &[f64]) -> Vec<f64> {
    let inputs = x.len() / batch;
    let outputs = weight.len() / inputs;
    let mut y = Vec::new();
    for n in 0..batch {
        for o in 0..outputs {
            let products = (0..inputs).map(|i| x[n * inputs + i] * weight[o * inputs + i]);
            y.push(bias.get(o).copied().unwrap_or(0.0) + products.sum::<f64>());
        }
    }
    y
}

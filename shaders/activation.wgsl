// y = f(x), f the FUNCTION.
//
// Backward: dx = dy * f'(x). ReLU, sigmoid and tanh tell it from y alone:
// f' = [y > 0], y (1 - y), 1 - y^2. The others from x.
// Guided backpropagation (Springenberg et al. 2015) drops what is negative on its
// way back through a ReLU as well.
//
// One invocation computes one element.
// Grid: ELEMENTS invocations, in rows of workgroups.

override ELEMENTS: u32;
override FUNCTION: u32; // 1 ReLU, 2 sigmoid, 3 tanh, 4 guided ReLU, others below
override ALPHA: f32; // slope, low, scale, alpha or exponent of those that have it
override BETA: f32; // high, offset or shift
override ACCUMULATE: bool; // backward adds to what stands in dx

const WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [ELEMENTS]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [ELEMENTS]
@group(0) @binding(2) var<storage, read> value: array<f32>; // [ELEMENTS], y again, or x, only read
@group(0) @binding(3) var<storage, read> dy: array<f32>; // [ELEMENTS]
@group(0) @binding(4) var<storage, read_write> dx: array<f32>; // [ELEMENTS]

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        y[index] = activate(x[index]);
    }
}

fn activate(value: f32) -> f32 {
    switch FUNCTION {
        case 1 { return relu(value); }
        case 2 { return sigmoid(value); }
        // Some drivers give NaN for tanh of large arguments.
        case 3 { return select(tanh(clamp(value, -15.0, 15.0)), value, is_nan(value)); }
        // Leaky ReLU, clip, hard sigmoid, hard swish.
        case 5 { return select(ALPHA * value, value, value > 0.0); }
        case 6 { return clamp(value, ALPHA, BETA); }
        case 7 { return clamp(ALPHA * value + BETA, 0.0, 1.0); }
        case 8 { return value * clamp(value / 6.0 + 0.5, 0.0, 1.0); }
        // SiLU, GELU, GELU by tanh.
        case 9 { return value * sigmoid(value); }
        case 10 { return value * normal(value); }
        case 11 { return value * sigmoid(gate(value)); }
        // ELU, softplus.
        case 12 { return select(ALPHA * (exp(min(value, 0.0)) - 1.0), value, value > 0.0); }
        case 13 { return max(value, 0.0) + log(1.0 + exp(-abs(value))); }
        // Affine, error function, exponential, logarithm, modulus, power.
        case 14 { return ALPHA * value + BETA; }
        case 15 { return erf(value); }
        case 16 { return exp(value); }
        case 17 { return log(value); }
        case 18 { return abs(value); }
        case 19 { return power(value, ALPHA); }
        default { return value; }
    }
}

// The error function (Abramowitz and Stegun 7.1.26), off by 1.5e-7 at most.
fn erf(value: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.3275911 * abs(value));
    let sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t
        + 0.254829592) * t;
    let magnitude = 1.0 - sum * exp(-min(value * value, 80.0));
    return select(-magnitude, magnitude, value >= 0.0);
}

// The share of a normal distribution below a value.
fn normal(value: f32) -> f32 {
    return 0.5 + 0.5 * erf(value * 0.70710678);
}

// (1 + tanh(g)) / 2 is the sigmoid of 2 g.
fn gate(value: f32) -> f32 {
    let x = clamp(value, -20.0, 20.0);
    return 1.5957691 * (x + 0.044715 * x * x * x);
}

fn power(value: f32, exponent: f32) -> f32 {
    if (exponent == -1.0) {
        return 1.0 / value;
    }
    if (exponent == 0.5) {
        return sqrt(value);
    }
    return pow(value, exponent);
}

// NaN passes. Negative numbers and NaN are told by their bits, since a compiler may
// take every number for finite.
fn relu(value: f32) -> f32 {
    return select(value, 0.0, bitcast<u32>(value) - 0x80000000u <= 0x7f800000u);
}

fn is_nan(value: f32) -> bool {
    return (bitcast<u32>(value) & 0x7fffffff) > 0x7f800000;
}

// exp only ever sees a negative argument, so that it cannot overflow.
fn sigmoid(value: f32) -> f32 {
    let small = exp(-abs(value));
    return select(small, 1.0, value >= 0.0) / (1.0 + small);
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        var gradient = dy[index];
        if (FUNCTION == 4) {
            gradient = relu(gradient);
        }
        gradient *= slope(value[index]);
        dx[index] = select(0.0, dx[index], ACCUMULATE) + gradient;
    }
}

// f'(x), told by y = f(x) or by x.
fn slope(value: f32) -> f32 {
    switch FUNCTION {
        case 1, 4 { return select(0.0, 1.0, value > 0.0); }
        case 2 { return value * (1.0 - value); }
        case 3 { return 1.0 - value * value; }
        default { return slope_at(value); }
    }
}

fn slope_at(x: f32) -> f32 {
    switch FUNCTION {
        case 5 { return select(ALPHA, 1.0, x > 0.0); }
        case 6 { return select(0.0, 1.0, x > ALPHA && x < BETA); }
        case 7 {
            let y = ALPHA * x + BETA;
            return select(0.0, ALPHA, y > 0.0 && y < 1.0);
        }
        case 8 { return select(select(x / 3.0 + 0.5, 1.0, x >= 3.0), 0.0, x <= -3.0); }
        case 9 { return sigmoid(x) * (1.0 + x * (1.0 - sigmoid(x))); }
        case 10 {
            let density = 0.39894228 * exp(-min(0.5 * x * x, 80.0));
            return normal(x) + x * density;
        }
        case 11 {
            let s = sigmoid(gate(x));
            let bounded = clamp(x, -20.0, 20.0);
            let slope = 1.5957691 * (1.0 + 0.134145 * bounded * bounded);
            return s + bounded * s * (1.0 - s) * slope;
        }
        case 12 { return select(ALPHA * exp(min(x, 0.0)), 1.0, x > 0.0); }
        case 13 { return sigmoid(x); }
        case 14 { return ALPHA; }
        case 15 { return 1.1283792 * exp(-min(x * x, 80.0)); }
        case 16 { return exp(x); }
        case 17 { return 1.0 / x; }
        case 18 { return sign(x); }
        case 19 { return select(ALPHA * pow(abs(x), ALPHA - 1.0), -1.0 / (x * x), ALPHA == -1.0); }
        default { return 1.0; }
    }
}

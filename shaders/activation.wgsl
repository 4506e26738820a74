// y = f(x), f one of ReLU, sigmoid, tanh.
//
// Backward, from y alone: dx = dy * f'(x), f' = [y > 0], y (1 - y), 1 - y^2.
// Guided backpropagation (Springenberg et al. 2015) drops what is negative on its
// way back through a ReLU as well.
//
// One invocation computes one element.
// Grid: ELEMENTS invocations, in rows of workgroups.

override ELEMENTS: u32;
override FUNCTION: u32; // 1 ReLU, 2 sigmoid, 3 tanh, 4 guided ReLU
override ACCUMULATE: bool; // backward adds to what stands in dx

const WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [ELEMENTS]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [ELEMENTS]
@group(0) @binding(2) var<storage, read> value: array<f32>; // [ELEMENTS], y again, only read
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
        default { return value; }
    }
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

// f'(x), told by y = f(x).
fn slope(value: f32) -> f32 {
    switch FUNCTION {
        case 1, 4 { return select(0.0, 1.0, value > 0.0); }
        case 2 { return value * (1.0 - value); }
        case 3 { return 1.0 - value * value; }
        default { return 1.0; }
    }
}

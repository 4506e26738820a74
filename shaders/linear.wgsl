// y[n,o] = activation(bias[o] + sum x[n,i] * weight[o,i]).
//
// One invocation computes 4 neighbouring outputs of one sample.
// Grid: BATCH * padded outputs / 4 invocations, in rows of workgroups.

override BATCH: u32;
override IN_FEATURES: u32;
override OUT_FEATURES: u32;
override FIRST_OUTPUT: u32; // of this chunk of the weights
override OUTPUTS: u32; // of this chunk
override BLOCK: u32; // outputs that stand side by side
override HAS_BIAS: bool;
override WEIGHT_BITS: u32; // 32, 16, or 4: indices into the codebook
override ACTIVATION: u32; // 0 none, 1 ReLU, 2 sigmoid, 3 tanh

override QUADS: u32 = (OUTPUTS + BLOCK - 1) / BLOCK * BLOCK / 4;
const WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [BATCH, IN_FEATURES]
@group(0) @binding(1) var<storage, read> weight: array<u32>; // [blocks, IN_FEATURES, BLOCK]
@group(0) @binding(2) var<storage, read> bias: array<f32>; // [OUT_FEATURES]
@group(0) @binding(3) var<storage, read> codebook: array<f32>; // [16]
@group(0) @binding(4) var<storage, read_write> y: array<f32>; // [BATCH, OUT_FEATURES]

// Four neighbouring weights from element `4 * quad` on.
fn weights(quad: u32) -> vec4<f32> {
    switch WEIGHT_BITS {
        case 4 {
            let codes = weight[quad / 2] >> (16 * (quad % 2));
            return vec4(
                codebook[codes & 15],
                codebook[codes >> 4 & 15],
                codebook[codes >> 8 & 15],
                codebook[codes >> 12 & 15],
            );
        }
        case 16 {
            return vec4(unpack2x16float(weight[2 * quad]), unpack2x16float(weight[2 * quad + 1]));
        }
        default {
            let first = 4 * quad;
            return bitcast<vec4<f32>>(
                vec4(weight[first], weight[first + 1], weight[first + 2], weight[first + 3]),
            );
        }
    }
}

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    let quad = index % QUADS;
    let sample = index / QUADS;
    if (sample >= BATCH) {
        return;
    }
    let block_quads = BLOCK / 4;
    let first = quad / block_quads * IN_FEATURES * block_quads + quad % block_quads;
    var sum = vec4(0.0);
    for (var i = 0u; i < IN_FEATURES; i += 1) {
        sum += x[sample * IN_FEATURES + i] * weights(first + i * block_quads);
    }

    for (var i = 0u; i < 4; i += 1) {
        let output = 4 * quad + i;
        if (output < OUTPUTS) {
            let offset = select(0.0, bias[FIRST_OUTPUT + output], HAS_BIAS);
            y[sample * OUT_FEATURES + FIRST_OUTPUT + output] = activate(sum[i] + offset);
        }
    }
}

fn activate(value: f32) -> f32 {
    switch ACTIVATION {
        case 1 { return max(value, 0.0); }
        case 2 { return sigmoid(value); }
        // Some drivers give NaN for tanh of large arguments.
        case 3 { return tanh(clamp(value, -15.0, 15.0)); }
        default { return value; }
    }
}

// exp only ever sees a negative argument, so that it cannot overflow.
fn sigmoid(value: f32) -> f32 {
    let small = exp(-abs(value));
    return select(small, 1.0, value >= 0.0) / (1.0 + small);
}

// y[n,i,j,o] = activation(bias[o] + sum x[n, i*stride+ky*dilation-padding, ..., c] * weight[o,c,ky,kx]),
// the sum over the channels of o's group and the taps of the kernel.
//
// One invocation computes 4 neighbouring channels of one pixel.
// Grid: BATCH * OUT_HEIGHT * OUT_WIDTH * GROUPS * BLOCK / 4 invocations, in rows of workgroups.

override BATCH: u32;
override IN_HEIGHT: u32;
override IN_WIDTH: u32;
override IN_CHANNELS: u32;
override OUT_HEIGHT: u32;
override OUT_WIDTH: u32;
override OUT_CHANNELS: u32;
override GROUPS: u32;
override BLOCK: u32; // outputs of a group, padded to a multiple of 4
override KERNEL_HEIGHT: u32;
override KERNEL_WIDTH: u32;
override STRIDE_HEIGHT: u32;
override STRIDE_WIDTH: u32;
override PADDING_TOP: u32;
override PADDING_LEFT: u32;
override DILATION_HEIGHT: u32;
override DILATION_WIDTH: u32;
override HAS_BIAS: bool;
override WEIGHT_F16: bool;
override ACTIVATION: u32; // 0 none, 1 ReLU, 2 sigmoid, 3 tanh

override GROUP_INPUTS: u32 = IN_CHANNELS / GROUPS;
override GROUP_OUTPUTS: u32 = OUT_CHANNELS / GROUPS;
const WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [BATCH, IN_HEIGHT, IN_WIDTH, IN_CHANNELS]
@group(0) @binding(1) var<storage, read> weight: array<vec2<u32>>; // [GROUPS, KERNEL_HEIGHT, KERNEL_WIDTH, GROUP_INPUTS, BLOCK]
@group(0) @binding(2) var<storage, read> bias: array<f32>; // [GROUPS, BLOCK]
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // [BATCH, OUT_HEIGHT, OUT_WIDTH, OUT_CHANNELS]

// Four neighbouring weights from element `4 * quad` on.
fn weights(quad: u32) -> vec4<f32> {
    if (WEIGHT_F16) {
        let bits = weight[quad];
        return vec4(unpack2x16float(bits.x), unpack2x16float(bits.y));
    }
    return bitcast<vec4<f32>>(vec4(weight[2 * quad], weight[2 * quad + 1]));
}

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    let quads = BLOCK / 4;
    let quad = index % quads;
    let group = index / quads % GROUPS;
    let pixel = index / (quads * GROUPS);
    if (pixel >= BATCH * OUT_HEIGHT * OUT_WIDTH) {
        return;
    }
    let column = pixel % OUT_WIDTH;
    let row = pixel / OUT_WIDTH % OUT_HEIGHT;
    let sample = pixel / (OUT_WIDTH * OUT_HEIGHT);

    var sum = vec4(0.0);
    for (var ky = 0u; ky < KERNEL_HEIGHT; ky += 1) {
        let in_row = row * STRIDE_HEIGHT + ky * DILATION_HEIGHT - PADDING_TOP;
        for (var kx = 0u; kx < KERNEL_WIDTH; kx += 1) {
            let in_column = column * STRIDE_WIDTH + kx * DILATION_WIDTH - PADDING_LEFT;
            if (in_row < IN_HEIGHT && in_column < IN_WIDTH) {
                let first = ((sample * IN_HEIGHT + in_row) * IN_WIDTH + in_column) * IN_CHANNELS + group * GROUP_INPUTS;
                let taps = (((group * KERNEL_HEIGHT + ky) * KERNEL_WIDTH + kx) * GROUP_INPUTS) * quads + quad;
                for (var c = 0u; c < GROUP_INPUTS; c += 1) {
                    sum += x[first + c] * weights(taps + c * quads);
                }
            }
        }
    }

    for (var i = 0u; i < 4; i += 1) {
        let output = 4 * quad + i;
        if (output < GROUP_OUTPUTS) {
            let offset = select(0.0, bias[group * BLOCK + output], HAS_BIAS);
            y[pixel * OUT_CHANNELS + group * GROUP_OUTPUTS + output] = activate(sum[i] + offset);
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

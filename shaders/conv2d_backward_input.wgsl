// dx[n,i,j,c] = sum dy[n, (i+padding-ky*dilation)/stride, (j+...)/stride, o] * weight[o,c,ky,kx],
// the sum over the outputs of c's group and the taps for which the divisions
// leave no rest.
//
// `transpose` writes the weights of the same sum as a convolution over dy, which
// it is for a stride of 1: taps mirrored, inputs and outputs swapped.
// One invocation of backward_input computes one element of dx, one of transpose
// one element of `transposed`.
// Grid: as many invocations, in rows of workgroups.

override BATCH: u32;
override IN_HEIGHT: u32;
override IN_WIDTH: u32;
override IN_CHANNELS: u32;
override OUT_HEIGHT: u32;
override OUT_WIDTH: u32;
override OUT_CHANNELS: u32;
override GROUPS: u32;
override BLOCK: u32; // outputs that stand side by side in `weight`
override TRANSPOSED_BLOCK: u32; // inputs that stand side by side in `transposed`
override KERNEL_HEIGHT: u32;
override KERNEL_WIDTH: u32;
override STRIDE_HEIGHT: u32;
override STRIDE_WIDTH: u32;
override PADDING_TOP: u32;
override PADDING_LEFT: u32;
override DILATION_HEIGHT: u32;
override DILATION_WIDTH: u32;
override WEIGHT_F16: bool;
override ACCUMULATE: bool; // adds to what stands in dx

const WORKGROUP: u32 = 64;
override POSITIONS: u32 = KERNEL_HEIGHT * KERNEL_WIDTH;
override GROUP_INPUTS: u32 = IN_CHANNELS / GROUPS;
override GROUP_OUTPUTS: u32 = OUT_CHANNELS / GROUPS;
override BLOCKS: u32 = (GROUP_OUTPUTS + BLOCK - 1) / BLOCK;
override TRANSPOSED_BLOCKS: u32 = (GROUP_INPUTS + TRANSPOSED_BLOCK - 1) / TRANSPOSED_BLOCK;

@group(0) @binding(0) var<storage, read> weight: array<f32>; // [GROUPS, BLOCKS, POSITIONS, GROUP_INPUTS, BLOCK]
@group(0) @binding(4) var<storage, read> weight_halves: array<u32>; // the same, two in a word
@group(0) @binding(1) var<storage, read> dy: array<f32>; // [BATCH, OUT_HEIGHT, OUT_WIDTH, OUT_CHANNELS]
@group(0) @binding(2) var<storage, read_write> dx: array<f32>; // [BATCH, IN_HEIGHT, IN_WIDTH, IN_CHANNELS]
@group(0) @binding(3) var<storage, read_write> transposed: array<f32>; // [GROUPS, TRANSPOSED_BLOCKS, POSITIONS, GROUP_OUTPUTS, TRANSPOSED_BLOCK]
@group(1) @binding(0) var<uniform> first_workgroup: u32; // of the part of the grid that runs

@compute @workgroup_size(WORKGROUP)
fn backward_input(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = (first_workgroup + id.y * grid.x) * WORKGROUP + id.x;
    if (index >= BATCH * IN_HEIGHT * IN_WIDTH * IN_CHANNELS) {
        return;
    }
    let group = index % IN_CHANNELS / GROUP_INPUTS;
    let channel = index % GROUP_INPUTS;
    let in_column = index / IN_CHANNELS % IN_WIDTH;
    let in_row = index / (IN_CHANNELS * IN_WIDTH) % IN_HEIGHT;
    let sample = index / (IN_CHANNELS * IN_WIDTH * IN_HEIGHT);
    var sum = 0.0;
    for (var ky = 0u; ky < KERNEL_HEIGHT; ky += 1) {
        // A tap that lies before the first position wraps to a large number.
        let down = in_row + PADDING_TOP - ky * DILATION_HEIGHT;
        let row = down / STRIDE_HEIGHT;
        if (down % STRIDE_HEIGHT != 0 || row >= OUT_HEIGHT) {
            continue;
        }
        for (var kx = 0u; kx < KERNEL_WIDTH; kx += 1) {
            let right = in_column + PADDING_LEFT - kx * DILATION_WIDTH;
            let column = right / STRIDE_WIDTH;
            if (right % STRIDE_WIDTH != 0 || column >= OUT_WIDTH) {
                continue;
            }
            let first = ((sample * OUT_HEIGHT + row) * OUT_WIDTH + column) * OUT_CHANNELS
                + group * GROUP_OUTPUTS;
            for (var output = 0u; output < GROUP_OUTPUTS; output += 1) {
                sum += dy[first + output]
                    * weight_at(group, output, ky * KERNEL_WIDTH + kx, channel);
            }
        }
    }
    dx[index] = select(0.0, dx[index], ACCUMULATE) + sum;
}

@compute @workgroup_size(WORKGROUP)
fn transpose(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = (first_workgroup + id.y * grid.x) * WORKGROUP + id.x;
    let block = index / (TRANSPOSED_BLOCK * GROUP_OUTPUTS * POSITIONS);
    let group = block / TRANSPOSED_BLOCKS;
    if (group >= GROUPS) {
        return;
    }
    let channel = block % TRANSPOSED_BLOCKS * TRANSPOSED_BLOCK + index % TRANSPOSED_BLOCK;
    let output = index / TRANSPOSED_BLOCK % GROUP_OUTPUTS;
    let position = index / (TRANSPOSED_BLOCK * GROUP_OUTPUTS) % POSITIONS;
    var value = 0.0; // the padding of a block
    if (channel < GROUP_INPUTS) {
        value = weight_at(group, output, POSITIONS - 1 - position, channel);
    }
    transposed[index] = value;
}

fn weight_at(group: u32, output: u32, position: u32, channel: u32) -> f32 {
    let block = group * BLOCKS + output / BLOCK;
    let at = ((block * POSITIONS + position) * GROUP_INPUTS + channel) * BLOCK + output % BLOCK;
    if (WEIGHT_F16) {
        return unpack2x16float(weight_halves[at >> 1])[at & 1];
    }
    return weight[at];
}

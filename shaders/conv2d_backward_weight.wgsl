// dweight[o,c,ky,kx] = sum dy[n,i,j,o] * x[n, i*stride+ky*dilation-padding, j*..., c],
// the sum over samples and pixels, in the packed order of the weights.
//
// One invocation computes, for 4 outputs, 4 channels and up to 5 neighbouring
// taps of one row of the kernel, the sum over one part of the batch: 80 sums in
// registers for 8 numbers loaded per pixel. With a stride of 1 the taps slide
// along the row, so that each x is loaded once.
// Grid of backward_weight: SPLITS * GROUPS * KERNEL_HEIGHT * TILES * CHANNEL_QUADS
// * QUADS invocations; of reduce: ELEMENTS invocations; in rows of workgroups.

override BATCH: u32;
override IN_HEIGHT: u32;
override IN_WIDTH: u32;
override IN_CHANNELS: u32;
override OUT_HEIGHT: u32;
override OUT_WIDTH: u32;
override OUT_CHANNELS: u32;
override GROUPS: u32;
override BLOCK: u32; // outputs that stand side by side
override KERNEL_HEIGHT: u32;
override KERNEL_WIDTH: u32;
override STRIDE_HEIGHT: u32;
override STRIDE_WIDTH: u32;
override PADDING_TOP: u32;
override PADDING_LEFT: u32;
override DILATION_HEIGHT: u32;
override DILATION_WIDTH: u32;
override SPLITS: u32; // parts of the batch

const WORKGROUP: u32 = 64;
const TAPS: u32 = 5;
override GROUP_INPUTS: u32 = IN_CHANNELS / GROUPS;
override GROUP_OUTPUTS: u32 = OUT_CHANNELS / GROUPS;
override BLOCKS: u32 = (GROUP_OUTPUTS + BLOCK - 1) / BLOCK;
override QUADS: u32 = BLOCKS * BLOCK / 4;
override CHANNEL_QUADS: u32 = (GROUP_INPUTS + 3) / 4;
override TILES: u32 = (KERNEL_WIDTH + TAPS - 1) / TAPS;
override ROW: u32 = KERNEL_HEIGHT * KERNEL_WIDTH * GROUP_INPUTS;
override ELEMENTS: u32 = GROUPS * BLOCKS * BLOCK * ROW;
override SLIDES: bool = STRIDE_WIDTH == 1 && DILATION_WIDTH == 1;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [BATCH, IN_HEIGHT, IN_WIDTH, IN_CHANNELS]
@group(0) @binding(1) var<storage, read> dy: array<f32>; // [BATCH, OUT_HEIGHT, OUT_WIDTH, OUT_CHANNELS]
@group(0) @binding(2) var<storage, read_write> parts: array<vec4<f32>>; // [SPLITS, ELEMENTS / 4]
@group(0) @binding(3) var<storage, read> summands: array<f32>; // parts again, only read
@group(0) @binding(4) var<storage, read_write> dweight: array<f32>; // [GROUPS, BLOCKS, ROW, BLOCK]

@compute @workgroup_size(WORKGROUP)
fn backward_weight(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    var index = id.y * grid.x * WORKGROUP + id.x;
    let quad = index % QUADS;
    index /= QUADS;
    let channel = 4 * (index % CHANNEL_QUADS);
    index /= CHANNEL_QUADS;
    let first_tap = TAPS * (index % TILES);
    index /= TILES;
    let ky = index % KERNEL_HEIGHT;
    index /= KERNEL_HEIGHT;
    let group = index % GROUPS;
    let split = index / GROUPS;
    if (split >= SPLITS) {
        return;
    }

    // Columns of each matrix: channels; rows: outputs.
    var tap0 = mat4x4<f32>();
    var tap1 = mat4x4<f32>();
    var tap2 = mat4x4<f32>();
    var tap3 = mat4x4<f32>();
    var tap4 = mat4x4<f32>();
    let samples = (BATCH + SPLITS - 1) / SPLITS;
    let last_sample = min((split + 1) * samples, BATCH);
    for (var sample = split * samples; sample < last_sample; sample += 1) {
        for (var row = 0u; row < OUT_HEIGHT; row += 1) {
            // A position in the padding before the input wraps to a large number.
            let in_row = row * STRIDE_HEIGHT + ky * DILATION_HEIGHT - PADDING_TOP;
            if (in_row >= IN_HEIGHT) {
                continue;
            }
            let in_first = (sample * IN_HEIGHT + in_row) * IN_WIDTH;
            let out_first = (sample * OUT_HEIGHT + row) * OUT_WIDTH;
            var in_column = first_tap * DILATION_WIDTH - PADDING_LEFT;
            var x0 = vec4(0.0);
            var x1 = pixel(in_first, in_column, group, channel);
            var x2 = pixel(in_first, in_column + DILATION_WIDTH, group, channel);
            var x3 = pixel(in_first, in_column + 2 * DILATION_WIDTH, group, channel);
            var x4 = pixel(in_first, in_column + 3 * DILATION_WIDTH, group, channel);
            for (var column = 0u; column < OUT_WIDTH; column += 1) {
                if (SLIDES || column == 0) {
                    x0 = x1;
                    x1 = x2;
                    x2 = x3;
                    x3 = x4;
                } else {
                    x0 = pixel(in_first, in_column, group, channel);
                    x1 = pixel(in_first, in_column + DILATION_WIDTH, group, channel);
                    x2 = pixel(in_first, in_column + 2 * DILATION_WIDTH, group, channel);
                    x3 = pixel(in_first, in_column + 3 * DILATION_WIDTH, group, channel);
                }
                x4 = pixel(in_first, in_column + 4 * DILATION_WIDTH, group, channel);
                in_column += STRIDE_WIDTH;
                let gradient = gradients(out_first + column, group, quad);
                tap0 += outer(gradient, x0);
                tap1 += outer(gradient, x1);
                tap2 += outer(gradient, x2);
                // Kernels of up to 3 taps spare themselves the rest.
                if (KERNEL_WIDTH > 3) {
                    tap3 += outer(gradient, x3);
                    tap4 += outer(gradient, x4);
                }
            }
        }
    }

    // A copy, since a matrix with a computed index does not stay in registers.
    var sums = array<mat4x4<f32>, TAPS>(tap0, tap1, tap2, tap3, tap4);
    let block = (group * BLOCKS + 4 * quad / BLOCK) * ROW;
    let first = split * ELEMENTS / 4 + (4 * quad % BLOCK) / 4;
    for (var c = 0u; c < 4 && channel + c < GROUP_INPUTS; c += 1) {
        let kernel_row = block + ky * KERNEL_WIDTH * GROUP_INPUTS + channel + c;
        for (var tap = 0u; tap < TAPS && first_tap + tap < KERNEL_WIDTH; tap += 1) {
            parts[first + (kernel_row + (first_tap + tap) * GROUP_INPUTS) * BLOCK / 4] = sums[tap][c];
        }
    }
}

fn outer(gradient: vec4<f32>, pixel: vec4<f32>) -> mat4x4<f32> {
    return mat4x4(gradient * pixel.x, gradient * pixel.y, gradient * pixel.z, gradient * pixel.w);
}

// Four channels of a pixel of x, zero outside it.
fn pixel(row: u32, column: u32, group: u32, channel: u32) -> vec4<f32> {
    if (column >= IN_WIDTH) {
        return vec4(0.0);
    }
    let first = (row + column) * IN_CHANNELS + group * GROUP_INPUTS + channel;
    if (GROUP_INPUTS % 4 == 0) {
        return vec4(x[first], x[first + 1], x[first + 2], x[first + 3]);
    }
    var values = vec4(x[first], 0.0, 0.0, 0.0);
    for (var c = 1u; c < 4 && channel + c < GROUP_INPUTS; c += 1) {
        values[c] = x[first + c];
    }
    return values;
}

// Four outputs of a pixel of dy, zero for the padding of a block.
fn gradients(position: u32, group: u32, quad: u32) -> vec4<f32> {
    let first = position * OUT_CHANNELS + group * GROUP_OUTPUTS + 4 * quad;
    if (GROUP_OUTPUTS % BLOCK == 0) {
        return vec4(dy[first], dy[first + 1], dy[first + 2], dy[first + 3]);
    }
    var values = vec4(0.0);
    for (var o = 0u; o < 4 && 4 * quad + o < GROUP_OUTPUTS; o += 1) {
        values[o] = dy[first + o];
    }
    return values;
}

@compute @workgroup_size(WORKGROUP)
fn reduce(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index < ELEMENTS) {
        var sum = 0.0;
        for (var split = 0u; split < SPLITS; split += 1) {
            sum += summands[split * ELEMENTS + index];
        }
        dweight[index] = sum;
    }
}

// dweight[o,c,ky,kx] = sum dy[n,i,j,o] * x[n, i*stride+ky*dilation-padding, j*..., c],
// the sum over samples and pixels, in the packed order of the weights.
//
// One invocation computes, for 4 outputs, 4 channels and up to 5 neighbouring
// taps of one row of the kernel, the sum over one part of the batch, four pixels of
// a row of dy at a time: 80 sums in registers for 8 numbers loaded per pixel. With
// a stride of 1 the inputs of a tap, moved by a pixel, are those of the next.
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
@group(0) @binding(1) var<storage, read> x_vectors: array<vec4<f32>>; // the same
@group(0) @binding(2) var<storage, read> dy: array<f32>; // [BATCH, OUT_HEIGHT, OUT_WIDTH, OUT_CHANNELS]
@group(0) @binding(3) var<storage, read> dy_vectors: array<vec4<f32>>; // the same
@group(0) @binding(4) var<storage, read_write> parts: array<vec4<f32>>; // [SPLITS, ELEMENTS / 4]
@group(0) @binding(5) var<storage, read> summands: array<f32>; // parts again, only read
@group(0) @binding(6) var<storage, read_write> dweight: array<f32>; // [GROUPS, BLOCKS, ROW, BLOCK]
@group(1) @binding(0) var<uniform> first_workgroup: u32; // of the part of the grid that runs

@compute @workgroup_size(WORKGROUP)
fn backward_weight(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    var index = (first_workgroup + id.y * grid.x) * WORKGROUP + id.x;
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

    // The rows of dy for which this row of the kernel lies on the input. A row in
    // the padding before it is not counted.
    let offset = ky * DILATION_HEIGHT;
    let first_row = (max(PADDING_TOP, offset) - offset + STRIDE_HEIGHT - 1) / STRIDE_HEIGHT;
    let reached = (IN_HEIGHT + PADDING_TOP + STRIDE_HEIGHT - 1 - min(offset, IN_HEIGHT + PADDING_TOP))
        / STRIDE_HEIGHT;
    let end_row = min(reached, OUT_HEIGHT);
    let rows = end_row - min(first_row, end_row);
    let samples = (BATCH + SPLITS - 1) / SPLITS;
    var sample = split * samples;
    let count = min(sample + samples, BATCH) - min(sample, BATCH);
    var row = first_row;
    var column = 0u;

    // Columns of each matrix: outputs; rows: channels.
    var tap0 = mat4x4<f32>();
    var tap1 = mat4x4<f32>();
    var tap2 = mat4x4<f32>();
    var tap3 = mat4x4<f32>();
    var tap4 = mat4x4<f32>();
    // One flat loop, since the sums are costly to carry through nested ones.
    let turns = count * rows * ((OUT_WIDTH + 3) / 4);
    for (var turn = 0u; turn < turns; turn += 1) {
        // A position in the padding before the input wraps to a large number.
        let in_row = row * STRIDE_HEIGHT + offset - PADDING_TOP;
        let in_column = column * STRIDE_WIDTH + first_tap * DILATION_WIDTH - PADDING_LEFT;
        let place = Place((sample * IN_HEIGHT + in_row) * IN_WIDTH, in_column, group, channel);
        let out = (sample * OUT_HEIGHT + row) * OUT_WIDTH;
        // Columns: outputs; rows: pixels.
        let gradient = transpose(mat4x4(
            gradients(out, column, group, quad),
            gradients(out, column + 1, group, quad),
            gradients(out, column + 2, group, quad),
            gradients(out, column + 3, group, quad),
        ));
        // Columns: pixels; rows: channels.
        var inputs = mat4x4(pixel(place, 0, 0), pixel(place, 1, 0), pixel(place, 2, 0), pixel(place, 3, 0));
        tap0 += inputs * gradient;
        inputs = advance(inputs, place, 1);
        tap1 += inputs * gradient;
        inputs = advance(inputs, place, 2);
        tap2 += inputs * gradient;
        // Kernels of up to 3 taps spare themselves the rest.
        if (KERNEL_WIDTH > 3) {
            inputs = advance(inputs, place, 3);
            tap3 += inputs * gradient;
            inputs = advance(inputs, place, 4);
            tap4 += inputs * gradient;
        }

        column += 4;
        row += u32(column >= OUT_WIDTH);
        column = select(column, 0, column >= OUT_WIDTH);
        sample += u32(row >= end_row);
        row = select(row, first_row, row >= end_row);
    }

    // A copy, since a matrix with a computed index does not stay in registers.
    var sums = array<mat4x4<f32>, TAPS>(
        transpose(tap0),
        transpose(tap1),
        transpose(tap2),
        transpose(tap3),
        transpose(tap4),
    );
    let block = (group * BLOCKS + 4 * quad / BLOCK) * ROW;
    let first = split * ELEMENTS / 4 + (4 * quad % BLOCK) / 4;
    for (var c = 0u; c < 4 && channel + c < GROUP_INPUTS; c += 1) {
        let kernel_row = block + ky * KERNEL_WIDTH * GROUP_INPUTS + channel + c;
        for (var tap = 0u; tap < TAPS && first_tap + tap < KERNEL_WIDTH; tap += 1) {
            parts[first + (kernel_row + (first_tap + tap) * GROUP_INPUTS) * BLOCK / 4] = sums[tap][c];
        }
    }
}

// Where the inputs of the first tap stand.
struct Place {
    row: u32, // first pixel of the row of x
    column: u32,
    group: u32,
    channel: u32, // of the group
}

// The inputs of the next tap, which are those of this one moved by a pixel.
fn advance(inputs: mat4x4<f32>, place: Place, tap: u32) -> mat4x4<f32> {
    if (SLIDES) {
        return mat4x4(inputs[1], inputs[2], inputs[3], pixel(place, 3, tap));
    }
    return mat4x4(pixel(place, 0, tap), pixel(place, 1, tap), pixel(place, 2, tap), pixel(place, 3, tap));
}

// Four channels of the input of a tap for one of the four pixels; zero in the padding.
fn pixel(place: Place, step: u32, tap: u32) -> vec4<f32> {
    let column = place.column + step * STRIDE_WIDTH + tap * DILATION_WIDTH;
    let inside = column < IN_WIDTH;
    let first = (place.row + column) * IN_CHANNELS + place.group * GROUP_INPUTS + place.channel;
    if (GROUP_INPUTS % 4 == 0) {
        return select(vec4(0.0), x_vectors[first >> 2], inside);
    }
    var values = vec4(x[first], 0.0, 0.0, 0.0);
    if (place.channel + 1 < GROUP_INPUTS) { values.y = x[first + 1]; }
    if (place.channel + 2 < GROUP_INPUTS) { values.z = x[first + 2]; }
    if (place.channel + 3 < GROUP_INPUTS) { values.w = x[first + 3]; }
    return select(vec4(0.0), values, inside);
}

// Four outputs of a pixel of dy; zero behind the last pixel and in the padding of a block.
fn gradients(row: u32, column: u32, group: u32, quad: u32) -> vec4<f32> {
    let inside = column < OUT_WIDTH;
    let first = (row + column) * OUT_CHANNELS + group * GROUP_OUTPUTS + 4 * quad;
    if (GROUP_OUTPUTS % BLOCK == 0) {
        return select(vec4(0.0), dy_vectors[first >> 2], inside);
    }
    var values = vec4(0.0);
    for (var o = 0u; o < 4 && 4 * quad + o < GROUP_OUTPUTS; o += 1) {
        values[o] = dy[first + o];
    }
    return select(vec4(0.0), values, inside);
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

// dweight[o,c,ky,kx] = sum dy[n,i,j,o] * x[n, i*stride+ky*dilation-padding, j*..., c],
// the sum over samples and pixels, in the packed order of the weights.
//
// One invocation computes, for TILE_OUTPUTS outputs, TILE_CHANNELS channels and up
// to 5 neighbouring taps of one row of the kernel, the sum over one part of the
// batch, TILE_COLUMNS pixels of a row of dy at a time: 80 to 320 sums in registers
// for 8 to 16 numbers loaded per pixel. With a stride of 1 the inputs of a tap,
// moved by a pixel, are those of the next.
// Grid of backward_weight: SPLITS * GROUPS * KERNEL_HEIGHT * TAP_TILES *
// CHANNEL_TILES * OUTPUT_TILES invocations; of reduce: ELEMENTS invocations; in rows
// of workgroups.

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
override TILE_OUTPUTS: u32; // 4 or 8, divides BLOCK
override TILE_CHANNELS: u32; // 4 or 8
override TILE_COLUMNS: u32; // 4 or 8
override SPLITS: u32; // parts of the batch

const WORKGROUP: u32 = 64;
const TAPS: u32 = 5;
override GROUP_INPUTS: u32 = IN_CHANNELS / GROUPS;
override GROUP_OUTPUTS: u32 = OUT_CHANNELS / GROUPS;
override BLOCKS: u32 = (GROUP_OUTPUTS + BLOCK - 1) / BLOCK;
override OUTPUT_TILES: u32 = BLOCKS * BLOCK / TILE_OUTPUTS;
override CHANNEL_TILES: u32 = (GROUP_INPUTS + TILE_CHANNELS - 1) / TILE_CHANNELS;
override TAP_TILES: u32 = (KERNEL_WIDTH + TAPS - 1) / TAPS;
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

// Up to eight neighbouring pixels of a row.
struct Strip {
    a: mat4x4<f32>,
    b: mat4x4<f32>, // where TILE_COLUMNS is 8
}

// Gradients; columns: outputs, rows: pixels.
struct Gradients {
    first: Strip, // four outputs
    second: Strip, // the next, where TILE_OUTPUTS is 8
}

// Sums of a tap; columns: outputs, rows: channels.
struct Outputs {
    first: mat4x4<f32>, // four outputs
    second: mat4x4<f32>, // the next, where TILE_OUTPUTS is 8
}

// Sums of four channels.
struct Taps {
    tap0: Outputs,
    tap1: Outputs,
    tap2: Outputs,
    tap3: Outputs,
    tap4: Outputs,
}

// The tile of dweight.
struct Sums {
    first: Taps, // four channels
    second: Taps, // the next, where TILE_CHANNELS is 8
}

// Where the inputs of the first tap stand.
struct Place {
    row: u32, // first pixel of the row of x
    column: u32,
    group: u32,
    channel: u32, // of the group
}

@compute @workgroup_size(WORKGROUP)
fn backward_weight(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    var index = (first_workgroup + id.y * grid.x) * WORKGROUP + id.x;
    let output = TILE_OUTPUTS * (index % OUTPUT_TILES);
    index /= OUTPUT_TILES;
    let channel = TILE_CHANNELS * (index % CHANNEL_TILES);
    index /= CHANNEL_TILES;
    let first_tap = TAPS * (index % TAP_TILES);
    index /= TAP_TILES;
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

    var sums: Sums;
    // One flat loop, since the sums are costly to carry through nested ones.
    let turns = count * rows * ((OUT_WIDTH + TILE_COLUMNS - 1) / TILE_COLUMNS);
    for (var turn = 0u; turn < turns; turn += 1) {
        // A position in the padding before the input wraps to a large number.
        let in_row = row * STRIDE_HEIGHT + offset - PADDING_TOP;
        let in_column = column * STRIDE_WIDTH + first_tap * DILATION_WIDTH - PADDING_LEFT;
        let in_pixel = (sample * IN_HEIGHT + in_row) * IN_WIDTH;
        let out = (sample * OUT_HEIGHT + row) * OUT_WIDTH;
        var gradient: Gradients;
        gradient.first = gradients(out, column, group, output);
        if (TILE_OUTPUTS > 4) {
            gradient.second = gradients(out, column, group, output + 4);
        }
        sums.first = multiply_add(Place(in_pixel, in_column, group, channel), gradient, sums.first);
        if (TILE_CHANNELS > 4) {
            let place = Place(in_pixel, in_column, group, channel + 4);
            sums.second = multiply_add(place, gradient, sums.second);
        }

        column += TILE_COLUMNS;
        row += u32(column >= OUT_WIDTH);
        column = select(column, 0, column >= OUT_WIDTH);
        sample += u32(row >= end_row);
        row = select(row, first_row, row >= end_row);
    }

    let to = Target(group, split, ky, first_tap);
    store(sums.first, to, output, channel);
    if (TILE_CHANNELS > 4) {
        store(sums.second, to, output, channel + 4);
    }
}

// The sums of four channels with the products of their inputs added.
fn multiply_add(place: Place, gradient: Gradients, sums: Taps) -> Taps {
    var result = sums;
    var inputs = load(place, 0);
    result.tap0 = multiply_add_tap(inputs, gradient, sums.tap0);
    inputs = advance(inputs, place, 1);
    result.tap1 = multiply_add_tap(inputs, gradient, sums.tap1);
    inputs = advance(inputs, place, 2);
    result.tap2 = multiply_add_tap(inputs, gradient, sums.tap2);
    // Kernels of up to 3 taps spare themselves the rest.
    if (KERNEL_WIDTH > 3) {
        inputs = advance(inputs, place, 3);
        result.tap3 = multiply_add_tap(inputs, gradient, sums.tap3);
        inputs = advance(inputs, place, 4);
        result.tap4 = multiply_add_tap(inputs, gradient, sums.tap4);
    }
    return result;
}

fn multiply_add_tap(inputs: Strip, gradient: Gradients, sums: Outputs) -> Outputs {
    var result = sums;
    result.first += product(inputs, gradient.first);
    if (TILE_OUTPUTS > 4) {
        result.second += product(inputs, gradient.second);
    }
    return result;
}

fn product(inputs: Strip, gradient: Strip) -> mat4x4<f32> {
    var sum = inputs.a * gradient.a;
    if (TILE_COLUMNS > 4) {
        sum += inputs.b * gradient.b;
    }
    return sum;
}

// Four channels of the inputs of a tap; columns: pixels, rows: channels.
fn load(place: Place, tap: u32) -> Strip {
    var strip: Strip;
    strip.a = mat4x4(pixel(place, 0, tap), pixel(place, 1, tap), pixel(place, 2, tap), pixel(place, 3, tap));
    if (TILE_COLUMNS > 4) {
        strip.b = mat4x4(pixel(place, 4, tap), pixel(place, 5, tap), pixel(place, 6, tap), pixel(place, 7, tap));
    }
    return strip;
}

// The inputs of the next tap, which are those of this one moved by a pixel.
fn advance(inputs: Strip, place: Place, tap: u32) -> Strip {
    if (!SLIDES) {
        return load(place, tap);
    }
    let next = pixel(place, TILE_COLUMNS - 1, tap);
    var moved: Strip;
    moved.a = mat4x4(inputs.a[1], inputs.a[2], inputs.a[3], next);
    if (TILE_COLUMNS > 4) {
        moved.a[3] = inputs.b[0];
        moved.b = mat4x4(inputs.b[1], inputs.b[2], inputs.b[3], next);
    }
    return moved;
}

// Four channels of the input of a tap for one of the pixels; zero in the padding.
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

// The gradients of four outputs; columns: outputs, rows: pixels.
fn gradients(row: u32, column: u32, group: u32, output: u32) -> Strip {
    var strip: Strip;
    strip.a = gradients_of_four(row, column, group, output);
    if (TILE_COLUMNS > 4) {
        strip.b = gradients_of_four(row, column + 4, group, output);
    }
    return strip;
}

fn gradients_of_four(row: u32, column: u32, group: u32, output: u32) -> mat4x4<f32> {
    return transpose(mat4x4(
        gradients_of(row, column, group, output),
        gradients_of(row, column + 1, group, output),
        gradients_of(row, column + 2, group, output),
        gradients_of(row, column + 3, group, output),
    ));
}

// Four outputs of a pixel of dy; zero behind the last pixel and in the padding of a block.
fn gradients_of(row: u32, column: u32, group: u32, output: u32) -> vec4<f32> {
    let inside = column < OUT_WIDTH;
    let first = (row + column) * OUT_CHANNELS + group * GROUP_OUTPUTS + output;
    if (GROUP_OUTPUTS % BLOCK == 0) {
        return select(vec4(0.0), dy_vectors[first >> 2], inside);
    }
    var values = vec4(0.0);
    for (var o = 0u; o < 4 && output + o < GROUP_OUTPUTS; o += 1) {
        values[o] = dy[first + o];
    }
    return select(vec4(0.0), values, inside);
}

// Which part of the sums an invocation has.
struct Target {
    group: u32,
    split: u32,
    ky: u32,
    first_tap: u32,
}

// Writes the sums of four channels.
fn store(sums: Taps, to: Target, output: u32, channel: u32) {
    let first = array(sums.tap0.first, sums.tap1.first, sums.tap2.first, sums.tap3.first, sums.tap4.first);
    store_outputs(first, to, output, channel);
    if (TILE_OUTPUTS > 4) {
        let second = array(sums.tap0.second, sums.tap1.second, sums.tap2.second, sums.tap3.second, sums.tap4.second);
        store_outputs(second, to, output + 4, channel);
    }
}

// A copy, since a matrix with a computed index does not stay in registers.
fn store_outputs(sums: array<mat4x4<f32>, TAPS>, to: Target, output: u32, channel: u32) {
    var taps = sums;
    let block = (to.group * BLOCKS + output / BLOCK) * ROW;
    let first = to.split * ELEMENTS / 4 + output % BLOCK / 4;
    for (var tap = 0u; tap < TAPS && to.first_tap + tap < KERNEL_WIDTH; tap += 1) {
        var channels = transpose(taps[tap]);
        for (var c = 0u; c < 4 && channel + c < GROUP_INPUTS; c += 1) {
            let position = to.ky * KERNEL_WIDTH + to.first_tap + tap;
            let row = block + position * GROUP_INPUTS + channel + c;
            parts[first + row * BLOCK / 4] = channels[c];
        }
    }
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

// y[n,i,j,o] = activation(bias[o] + sum x[n, i*stride+ky*dilation-padding, ..., c] * weight[o,c,ky,kx]),
// the sum over the channels of o's group and the taps of the kernel.
//
// One invocation keeps a tile of y in registers, TILE_ROWS rows of TILE_COLUMNS
// neighbouring pixels of TILE_OUTPUTS channels each, and steps through the inputs,
// four at a time:
//
//       4 inputs          4 to 16 pixels                4 to 16 pixels
//      +--------+     +----+----+----+--+--+        +----+----+----+--+--+
//  4   | weight |  *  | a  | b  | c  |d |e | 4   4  | a  | b  | c  |d |e |  sum
//      +--------+     +----+----+----+--+--+ inputs +----+----+----+--+--+
//  outputs                                   outputs (twice where TILE_OUTPUTS is 8)
//
// A workgroup has OUTPUT_LANES lanes along the channels of a block, whose weights
// stand side by side, times PIXEL_LANES lanes along the tiles.
// Grid: (blocks of all groups) * (workgroups of tiles), the tiles fastest, in rows.

override BATCH: u32;
override IN_HEIGHT: u32;
override IN_WIDTH: u32;
override IN_CHANNELS: u32;
override OUT_HEIGHT: u32;
override OUT_WIDTH: u32;
override OUT_CHANNELS: u32;
override GROUPS: u32;
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
override TILE_ROWS: u32; // 1, or 2 of 4 or 8 columns
override TILE_COLUMNS: u32; // 4, 8, 12, 14 or 16
override TILE_OUTPUTS: u32; // 4 or 8
override OUTPUT_LANES: u32;
override PIXEL_LANES: u32;
override STEPS: u32; // unrolled in a turn of the loop, 1 to 5

override GROUP_INPUTS: u32 = IN_CHANNELS / GROUPS;
override GROUP_OUTPUTS: u32 = OUT_CHANNELS / GROUPS;
override PIXELS: u32 = TILE_ROWS * TILE_COLUMNS; // of a tile
override BLOCK: u32 = OUTPUT_LANES * TILE_OUTPUTS;
override BLOCKS: u32 = (GROUP_OUTPUTS + BLOCK - 1) / BLOCK; // of a group
override TILES_ACROSS: u32 = (OUT_WIDTH + TILE_COLUMNS - 1) / TILE_COLUMNS;
override TILES_DOWN: u32 = (OUT_HEIGHT + TILE_ROWS - 1) / TILE_ROWS;
override TILES: u32 = BATCH * TILES_DOWN * TILES_ACROSS;
override TILE_WORKGROUPS: u32 = (TILES + PIXEL_LANES - 1) / PIXEL_LANES;
override ROW: u32 = IN_WIDTH * IN_CHANNELS; // elements of a row of x

// Whether four inputs are one aligned vec4.
override VECTORS: bool = GROUP_INPUTS % 4 == 0;
// Whether the inputs of a tap, moved by a pixel, are those of the next tap. Then
// a turn takes STEPS taps of four channels, or of all where there are fewer.
override SLIDES: bool = (VECTORS || GROUP_INPUTS < 4) && STEPS > 1
    && KERNEL_WIDTH % STEPS == 0 && STRIDE_WIDTH == 1 && DILATION_WIDTH == 1;
// Otherwise a turn takes STEPS fours of a run of inputs that are contiguous in x and
// in the weights: a row of taps where they touch and see all channels, else a tap.
override TOUCHES: bool = GROUPS == 1 && DILATION_WIDTH == 1;
override RUN: u32 = select(GROUP_INPUTS, KERNEL_WIDTH * GROUP_INPUTS, TOUCHES && !SLIDES);
override RUNS: u32 = select(KERNEL_WIDTH, 1u, TOUCHES && !SLIDES);

// A row of the kernel is computed in OUTER * INNER steps.
override INNER: u32 = select((RUN + 3) / 4, KERNEL_WIDTH, SLIDES);
override OUTER: u32 = select(RUNS, (GROUP_INPUTS + 3) / 4, SLIDES);
override TURNS: u32 = KERNEL_HEIGHT * OUTER * ((INNER + STEPS - 1) / STEPS);

@group(0) @binding(0) var<storage, read> x: array<f32>; // [BATCH, IN_HEIGHT, IN_WIDTH, IN_CHANNELS]
@group(0) @binding(1) var<storage, read> x_vectors: array<vec4<f32>>; // the same
@group(0) @binding(2) var<storage, read> weight: array<vec4<f32>>; // [GROUPS, BLOCKS, KERNEL_HEIGHT, KERNEL_WIDTH, GROUP_INPUTS, BLOCK]
@group(0) @binding(3) var<storage, read> weight_f16: array<vec2<u32>>; // the same, as pairs of halves
@group(0) @binding(4) var<storage, read> bias: array<f32>; // [GROUPS, BLOCKS, BLOCK]
@group(0) @binding(5) var<storage, read_write> y: array<f32>; // [BATCH, OUT_HEIGHT, OUT_WIDTH, OUT_CHANNELS]
@group(1) @binding(0) var<uniform> first_workgroup: u32; // of the part of the grid that runs

// The pixels of a tile, row after row, four channels each; what lies beyond PIXELS
// is never touched.
struct Strip {
    a: mat4x4<f32>,
    b: mat4x4<f32>,
    c: mat4x4<f32>,
    d: mat2x4<f32>,
    e: mat2x4<f32>,
}

// The tile of y.
struct Sums {
    first: Strip, // its first four channels
    second: Strip, // the others, where TILE_OUTPUTS is 8
}

// Where inputs stand.
struct Place {
    upper: Row, // that of the first row of the tile
    lower: Row, // that of the second
    at: u32, // element of the row: the first input of the first pixel
    rest: u32, // inputs from there to the end of the run
}

// A row of x.
struct Row {
    first: u32, // its first element
    limit: u32, // its elements, none for one of padding
}

@compute @workgroup_size(OUTPUT_LANES, PIXEL_LANES)
fn forward(
    @builtin(local_invocation_id) lane: vec3<u32>,
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = first_workgroup + workgroup.y * grid.x + workgroup.x;
    let block = index / TILE_WORKGROUPS;
    let tile = index % TILE_WORKGROUPS * PIXEL_LANES + lane.y;
    if (block >= GROUPS * BLOCKS || tile >= TILES) {
        return;
    }
    let group = block / BLOCKS;
    let column = tile % TILES_ACROSS * TILE_COLUMNS;
    let row = tile / TILES_ACROSS % TILES_DOWN * TILE_ROWS;
    let sample = tile / (TILES_ACROSS * TILES_DOWN);

    var sums: Sums;
    var ky = 0u;
    var outer = 0u;
    var inner = 0u;
    // One flat loop, since the sums are costly to carry through nested ones.
    for (var turn = 0u; turn < TURNS; turn += 1) {
        let tap = select(outer, inner, SLIDES);
        let first = 4 * select(inner, outer, SLIDES);
        let in_row = row * STRIDE_HEIGHT + ky * DILATION_HEIGHT - PADDING_TOP;
        let in_column = column * STRIDE_WIDTH + tap * DILATION_WIDTH - PADDING_LEFT;
        let place = Place(
            row_of(sample, in_row),
            row_of(sample, in_row + STRIDE_HEIGHT),
            in_column * IN_CHANNELS + group * GROUP_INPUTS + first,
            RUN - first,
        );
        let input = ((block * KERNEL_HEIGHT + ky) * KERNEL_WIDTH + tap) * GROUP_INPUTS + first;
        let quad = input * (BLOCK / 4) + lane.x * (TILE_OUTPUTS / 4);
        let step = select(4, GROUP_INPUTS, SLIDES) * (BLOCK / 4);

        var inputs = load(place);
        sums = multiply_add(quad, inputs, sums);
        if (STEPS > 1) {
            inputs = advance(inputs, place, 1);
            sums = multiply_add(quad + step, inputs, sums);
        }
        if (STEPS > 2) {
            inputs = advance(inputs, place, 2);
            sums = multiply_add(quad + 2 * step, inputs, sums);
        }
        if (STEPS > 3) {
            inputs = advance(inputs, place, 3);
            sums = multiply_add(quad + 3 * step, inputs, sums);
        }
        if (STEPS > 4) {
            inputs = advance(inputs, place, 4);
            sums = multiply_add(quad + 4 * step, inputs, sums);
        }

        inner += STEPS;
        outer += u32(inner >= INNER);
        inner = select(inner, 0, inner >= INNER);
        ky += u32(outer >= OUTER);
        outer = select(outer, 0, outer >= OUTER);
    }

    let output = block % BLOCKS * BLOCK + lane.x * TILE_OUTPUTS;
    let corner = vec2(row, column);
    store(sums.first, sample, corner, group, output);
    if (TILE_OUTPUTS > 4) {
        store(sums.second, sample, corner, group, output + 4);
    }
}

fn row_of(sample: u32, in_row: u32) -> Row {
    return Row((sample * IN_HEIGHT + in_row) * ROW, select(0, ROW, in_row < IN_HEIGHT));
}

// The inputs of all pixels of the tile.
fn load(place: Place) -> Strip {
    var strip: Strip;
    strip.a = mat4x4(input(place, 0), input(place, 1), input(place, 2), input(place, 3));
    if (PIXELS > 4) {
        strip.b = mat4x4(input(place, 4), input(place, 5), input(place, 6), input(place, 7));
    }
    if (PIXELS > 8) {
        strip.c = mat4x4(input(place, 8), input(place, 9), input(place, 10), input(place, 11));
    }
    if (PIXELS > 12) {
        strip.d = mat2x4(input(place, 12), input(place, 13));
    }
    if (PIXELS > 14) {
        strip.e = mat2x4(input(place, 14), input(place, 15));
    }
    return strip;
}

// The inputs of step `step` of a turn, those of the step before at hand.
fn advance(inputs: Strip, place: Place, step: u32) -> Strip {
    if (!SLIDES) {
        // A step beyond the run has no inputs left.
        let rest = place.rest - min(place.rest, 4 * step);
        return load(Place(place.upper, place.lower, place.at + 4 * step, rest));
    }
    let column = TILE_COLUMNS - 1 + step;
    if (TILE_ROWS == 1) {
        return shift(inputs, input_of(place, place.upper, column));
    }
    var moved = shift(inputs, input_of(place, place.lower, column));
    // Where the second row begins, the first one takes its own next input.
    if (TILE_COLUMNS == 4) {
        moved.a[3] = input_of(place, place.upper, column);
    } else {
        moved.b[3] = input_of(place, place.upper, column);
    }
    return moved;
}

// Four inputs of a pixel of the tile.
fn input(place: Place, pixel: u32) -> vec4<f32> {
    if (pixel < TILE_COLUMNS) {
        return input_of(place, place.upper, pixel);
    }
    return input_of(place, place.lower, pixel - TILE_COLUMNS);
}

// Four inputs of a column of the tile; zeros where they are padding.
fn input_of(place: Place, row: Row, column: u32) -> vec4<f32> {
    let at = place.at + column * (STRIDE_WIDTH * IN_CHANNELS);
    if (VECTORS) {
        // Shifts, since a software driver divides lane by lane.
        let inside = at < select(0, row.limit, place.rest > 0);
        return select(vec4(0.0), x_vectors[(row.first + at) >> 2], inside);
    }
    let four = vec4(0u, 1u, 2u, 3u);
    let i = row.first + at + four;
    let inside = (at + four < vec4(row.limit)) & (four < vec4(place.rest));
    if (SLIDES) {
        var few = vec4(x[i.x], 0.0, 0.0, 0.0);
        if (GROUP_INPUTS > 1) { few.y = x[i.y]; }
        if (GROUP_INPUTS > 2) { few.z = x[i.z]; }
        return select(vec4(0.0), few, inside);
    }
    return select(vec4(0.0), vec4(x[i.x], x[i.y], x[i.z], x[i.w]), inside);
}

// The strip without its first pixel and with `next` behind its last.
fn shift(strip: Strip, next: vec4<f32>) -> Strip {
    let s = strip;
    var moved: Strip;
    moved.a = mat4x4(s.a[1], s.a[2], s.a[3], next);
    if (PIXELS > 4) {
        moved.a[3] = s.b[0];
        moved.b = mat4x4(s.b[1], s.b[2], s.b[3], next);
    }
    if (PIXELS > 8) {
        moved.b[3] = s.c[0];
        moved.c = mat4x4(s.c[1], s.c[2], s.c[3], next);
    }
    if (PIXELS > 12) {
        moved.c[3] = s.d[0];
        moved.d = mat2x4(s.d[1], next);
    }
    if (PIXELS > 14) {
        moved.d[1] = s.e[0];
        moved.e = mat2x4(s.e[1], next);
    }
    return moved;
}

// The sums with the products of four inputs added, whose weights start at `4 * quad`.
fn multiply_add(quad: u32, inputs: Strip, sums: Sums) -> Sums {
    var result = sums;
    result.first = multiply_add_four(weights(quad), inputs, sums.first);
    if (TILE_OUTPUTS > 4) {
        result.second = multiply_add_four(weights(quad + 1), inputs, sums.second);
    }
    return result;
}

fn multiply_add_four(weights: mat4x4<f32>, inputs: Strip, sum: Strip) -> Strip {
    var result = sum;
    result.a += weights * inputs.a;
    if (PIXELS > 4) {
        result.b += weights * inputs.b;
    }
    if (PIXELS > 8) {
        result.c += weights * inputs.c;
    }
    if (PIXELS > 12) {
        result.d += weights * inputs.d;
    }
    if (PIXELS > 14) {
        result.e += weights * inputs.e;
    }
    return result;
}

// The weights of four outputs for four inputs, a column for each input.
fn weights(quad: u32) -> mat4x4<f32> {
    let row = BLOCK / 4;
    return mat4x4(
        weights_of(quad),
        weights_of(quad + row),
        weights_of(quad + 2 * row),
        weights_of(quad + 3 * row),
    );
}

fn weights_of(quad: u32) -> vec4<f32> {
    if (WEIGHT_F16) {
        let bits = weight_f16[quad];
        return vec4(unpack2x16float(bits.x), unpack2x16float(bits.y));
    }
    return weight[quad];
}

// Writes four channels, from `output` of the group on, of the pixels of a tile that
// begins at the row and column `corner`.
fn store(sum: Strip, sample: u32, corner: vec2<u32>, group: u32, output: u32) {
    var offset = vec4(0.0);
    if (HAS_BIAS) {
        let i = group * BLOCKS * BLOCK + output;
        offset = vec4(bias[i], bias[i + 1], bias[i + 2], bias[i + 3]);
    }
    var rest = sum;
    for (var i = 0u; i < PIXELS; i += 1) {
        let lower = u32(i >= TILE_COLUMNS);
        let row = corner.x + lower;
        let column = corner.y + i - lower * TILE_COLUMNS;
        if (row < OUT_HEIGHT && column < OUT_WIDTH) {
            let value = activate(rest.a[0] + offset);
            let to = ((sample * OUT_HEIGHT + row) * OUT_WIDTH + column) * OUT_CHANNELS
                + group * GROUP_OUTPUTS + output;
            if (output < GROUP_OUTPUTS) { y[to] = value.x; }
            if (output + 1 < GROUP_OUTPUTS) { y[to + 1] = value.y; }
            if (output + 2 < GROUP_OUTPUTS) { y[to + 2] = value.z; }
            if (output + 3 < GROUP_OUTPUTS) { y[to + 3] = value.w; }
        }
        rest = shift(rest, vec4(0.0));
    }
}

fn activate(value: vec4<f32>) -> vec4<f32> {
    switch ACTIVATION {
        case 1 { return relu(value); }
        case 2 { return sigmoid(value); }
        // Some drivers give NaN for tanh of large arguments.
        case 3 { return select(tanh(clamp(value, vec4(-15.0), vec4(15.0))), value, is_nan(value)); }
        default { return value; }
    }
}

// NaN passes. Negative numbers and NaN are told by their bits, since a compiler may
// take every number for finite.
fn relu(value: vec4<f32>) -> vec4<f32> {
    let bits = bitcast<vec4<u32>>(value);
    return select(value, vec4(0.0), bits - vec4(0x80000000u) <= vec4(0x7f800000u));
}

fn is_nan(value: vec4<f32>) -> vec4<bool> {
    return (bitcast<vec4<u32>>(value) & vec4(0x7fffffffu)) > vec4(0x7f800000u);
}

// exp only ever sees a negative argument, so that it cannot overflow.
fn sigmoid(value: vec4<f32>) -> vec4<f32> {
    let small = exp(-abs(value));
    return select(small, vec4(1.0), value >= vec4(0.0)) / (1.0 + small);
}

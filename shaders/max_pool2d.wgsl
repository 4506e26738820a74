// y[n,i,j,c] = max x[n, i*stride+ky*dilation-padding, j*stride+kx*dilation-padding, c],
// padding never winning.
//
// One invocation computes one element of y.
// Grid: ELEMENTS invocations, in rows of workgroups.

override ELEMENTS: u32; // N * OUT_HEIGHT * OUT_WIDTH * CHANNELS
override IN_HEIGHT: u32;
override IN_WIDTH: u32;
override CHANNELS: u32;
override OUT_HEIGHT: u32;
override OUT_WIDTH: u32;
override KERNEL_HEIGHT: u32;
override KERNEL_WIDTH: u32;
override STRIDE_HEIGHT: u32;
override STRIDE_WIDTH: u32;
override PADDING_TOP: u32;
override PADDING_LEFT: u32;
override DILATION_HEIGHT: u32;
override DILATION_WIDTH: u32;

const WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>; // [N, IN_HEIGHT, IN_WIDTH, CHANNELS]
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // [N, OUT_HEIGHT, OUT_WIDTH, CHANNELS]

@compute @workgroup_size(WORKGROUP)
fn forward(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(num_workgroups) grid: vec3<u32>,
) {
    let index = id.y * grid.x * WORKGROUP + id.x;
    if (index >= ELEMENTS) {
        return;
    }
    let channel = index % CHANNELS;
    let column = index / CHANNELS % OUT_WIDTH;
    let row = index / (CHANNELS * OUT_WIDTH) % OUT_HEIGHT;
    let sample = index / (CHANNELS * OUT_WIDTH * OUT_HEIGHT);
    var largest = -3.4028234e38;
    for (var ky = 0u; ky < KERNEL_HEIGHT; ky += 1) {
        // A position in the padding before the input wraps to a large number.
        let in_row = row * STRIDE_HEIGHT + ky * DILATION_HEIGHT - PADDING_TOP;
        for (var kx = 0u; kx < KERNEL_WIDTH; kx += 1) {
            let in_column = column * STRIDE_WIDTH + kx * DILATION_WIDTH - PADDING_LEFT;
            if (in_row < IN_HEIGHT && in_column < IN_WIDTH) {
                let value = x[((sample * IN_HEIGHT + in_row) * IN_WIDTH + in_column) * CHANNELS + channel];
                largest = max(largest, value);
            }
        }
    }
    y[index] = largest;
}

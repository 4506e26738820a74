// The maps of a layer side by side on a canvas: unit order[t] is tile t, row by
// row, its values divided by scale[t] and shown from orange (negative) over light
// grey (zero) to blue (positive); transparent between tiles.
//
// A pixel shows the mean of the values that it covers, at least of the one that it
// lies on. The only shader that the page runs itself (www/inside/mosaic.js).

struct View {
    origin: vec2<f32>, // of the canvas in the mosaic, in values: x, y
    step: vec2<f32>, // values from one pixel to the next
    map: vec2<f32>, // width and height of a tile, in values
    gap: f32, // values between two tiles
    columns: f32, // tiles in a row
}

@group(0) @binding(0) var<storage, read> x: array<f32>; // [height, width, channels]
@group(0) @binding(1) var<storage, read> order: array<u32>; // [tiles]
@group(0) @binding(2) var<storage, read> scale: array<f32>; // [tiles]
@group(0) @binding(3) var<uniform> view: View;

// One triangle around the canvas.
@vertex
fn corner(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    return vec4(f32(index & 1) * 4.0 - 1.0, f32(index >> 1) * 4.0 - 1.0, 0.0, 1.0);
}

@fragment
fn pixel(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let place = view.origin + view.step * floor(position.xy);
    let cell = floor(place / (view.map + view.gap));
    let within = place - cell * (view.map + view.gap);
    let tile = u32(cell.y * view.columns + cell.x);
    let outside = any(cell < vec2(0.0)) || cell.x >= view.columns || tile >= arrayLength(&order);
    if (outside || any(within >= view.map)) {
        return vec4(0.0);
    }
    let map = vec2<u32>(view.map);
    let channels = arrayLength(&x) / (map.x * map.y);
    let first = vec2<u32>(within);
    let end = clamp(vec2<u32>(within + view.step), first + 1, map);
    var sum = 0.0;
    for (var row = first.y; row < end.y; row += 1) {
        for (var column = first.x; column < end.x; column += 1) {
            sum += x[(row * map.x + column) * channels + order[tile]];
        }
    }
    let covered = f32((end.x - first.x) * (end.y - first.y));
    return colour(sum / (covered * max(scale[tile], 1e-30)));
}

// #f59322 at -1, #e8eaeb at 0, #0877bd at 1.
fn colour(value: f32) -> vec4<f32> {
    let grey = vec3(232.0, 234.0, 235.0);
    let end = select(vec3(8.0, 119.0, 189.0), vec3(245.0, 147.0, 34.0), value < 0.0);
    return vec4(mix(grey, end, min(abs(value), 1.0)) / 255.0, 1.0);
}

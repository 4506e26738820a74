//! Mirror of `shaders/mosaic.wgsl`: the maps of a layer side by side as a picture. A
//! fragment shader, so no dispatch of a plan.

/// What to draw.
#[derive(Debug, Clone, Copy)]
pub struct Mosaic<'a> {
    /// The values, `[height, width, channels]`.
    pub x: &'a [f32],
    /// Height and width of a map.
    pub map: [usize; 2],
    /// The channel of each tile, row by row.
    pub order: &'a [u32],
    /// What the values of each tile are divided by.
    pub scale: &'a [f32],
    /// Tiles in a row.
    pub columns: usize,
    /// Values between two tiles.
    pub gap: f32,
    /// What is seen, in values: left, top, width, height.
    pub view: [f32; 4],
    /// Width and height of the picture.
    pub size: [usize; 2],
}

impl Mosaic<'_> {
    /// The picture, rows of red, green, blue, alpha; transparent between tiles.
    pub fn draw(&self) -> Vec<u8> {
        let [width, height] = self.size;
        let mut rgba = vec![0; width * height * 4];
        for (index, pixel) in rgba.chunks_exact_mut(4).enumerate() {
            if let Some(value) = self.pixel(index % width, index / width) {
                pixel.copy_from_slice(&colour(value));
            }
        }
        rgba
    }

    /// The mean of the values that a pixel covers, at least of the one that it lies on;
    /// none between tiles.
    fn pixel(&self, column: usize, row: usize) -> Option<f32> {
        let [left, top, width, height] = self.view;
        let step = [width / self.size[0] as f32, height / self.size[1] as f32];
        let (tile_x, across) = self.place(left + step[0] * column as f32, self.map[1])?;
        let (tile_y, down) = self.place(top + step[1] * row as f32, self.map[0])?;
        if tile_x >= self.columns {
            return None;
        }
        let tile = tile_y * self.columns + tile_x;
        let channel = *self.order.get(tile)? as usize;
        let channels = self.x.len() / (self.map[0] * self.map[1]);
        let end = |from: f32, step: f32, most: usize| {
            ((from + step) as usize).clamp(from as usize + 1, most)
        };
        let rows = down as usize..end(down, step[1], self.map[0]);
        let columns = across as usize..end(across, step[0], self.map[1]);
        let covered = (rows.len() * columns.len()) as f32;
        let mut sum = 0.0;
        for row in rows {
            for column in columns.clone() {
                sum += self.x[(row * self.map[1] + column) * channels + channel];
            }
        }
        Some(sum / (covered * self.scale[tile].max(1e-30)))
    }

    /// The tile of a position along one axis, and where in the tile it lies; none before
    /// the first tile and in a gap.
    fn place(&self, position: f32, map: usize) -> Option<(usize, f32)> {
        let pitch = map as f32 + self.gap;
        let tile = (position / pitch).floor();
        let within = position - tile * pitch;
        (tile >= 0.0 && within < map as f32).then_some((tile as usize, within))
    }
}

/// `#f59322` at -1, `#e8eaeb` at 0, `#0877bd` at 1.
fn colour(value: f32) -> [u8; 4] {
    let grey = [232.0, 234.0, 235.0];
    let end = match value < 0.0 {
        true => [245.0, 147.0, 34.0],
        false => [8.0, 119.0, 189.0],
    };
    let share = value.abs().min(1.0);
    let mix = |index: usize| (grey[index] + (end[index] - grey[index]) * share).round() as u8;
    [mix(0), mix(1), mix(2), 255]
}

//! Every value against PyTorch, and single values against the sums that make them.

use alexnet_live::error::Error;
use alexnet_live::inspect::Cell;
use alexnet_live::layers::Layer;

use super::{Inside, assert_close, golden};

#[test]
fn the_value_of_every_layer_stays() {
    let inside = Inside::open();
    let inspection = inside.look();
    for (id, node) in inspection.network().nodes() {
        let values = pollster::block_on(inspection.values(&inside.device, id)).expect("values");
        let expected = match &node.layer {
            Layer::Input => inside.x.clone(),
            // Dropout does nothing but in training.
            Layer::Dropout(_) => golden(&format!("value {}", node.name.replace("drop", "relu"))),
            _ => golden(&format!("value {}", node.name)),
        };
        assert_close(&node.name, &values, &expected);
    }
}

/// The value of a layer's unit that the parts of its cell give.
fn explained(layer: &Layer, unit: usize, cell: &Cell) -> f64 {
    let x = |index: usize| f64::from(cell.x[index]);
    match layer {
        Layer::Activation(_) => x(0).max(0.0),
        Layer::AvgPool2d(_) => cell.sum / cell.divisor.expect("a pool divides") as f64,
        Layer::LocalResponseNorm(_) => {
            let [size, alpha, beta, k] = cell.norm.expect("its constants").map(f64::from);
            x(unit - cell.first_channel) / (k + alpha / size * cell.sum).powf(beta)
        }
        _ => cell.sum,
    }
}

#[test]
fn any_value_is_the_sum_that_its_cell_tells() {
    let inside = Inside::open();
    let inspection = inside.look();
    for (id, node) in inspection.network().nodes().skip(1) {
        let (height, width, units) = node.shape.as_map_or_vector().expect("a map or a vector");
        // Corners, the middle, and units of both towers and both expansions.
        for y in [0, height / 2, height - 1] {
            for x in [0, width - 1] {
                for unit in [0, units / 2, units - 1] {
                    let place = (y, x, unit);
                    let cell = inspection.cell(&inside.device, &inside.weights, id, place);
                    let cell = pollster::block_on(cell).expect("there is such a place");
                    let expected = explained(&node.layer, unit, &cell);
                    let difference = (f64::from(cell.value) - expected).abs();
                    assert!(
                        difference <= 1e-5 * expected.abs().max(1.0),
                        "{} at {place:?}: {} is not {expected}",
                        node.name,
                        cell.value
                    );
                }
            }
        }
    }
}

#[test]
fn a_cell_of_a_convolution_lists_its_window() {
    let inside = Inside::open();
    let inspection = inside.look();
    let id = inspection.network().find("conv2").expect("a layer");
    let cell = inspection.cell(&inside.device, &inside.weights, id, (0, 3, 9));
    let cell = pollster::block_on(cell).expect("there is such a place");
    // The second tower, two rows of padding.
    assert_eq!((cell.first_channel, cell.channels), (6, 6));
    let window = cell.window;
    assert_eq!(
        (window.top, window.left, window.bottom, window.right),
        (-2, 1, 3, 6)
    );
    assert_eq!((cell.x.len(), cell.weight.len()), (150, 150));
    assert!(cell.x[..60].iter().all(|x| *x == 0.0));
    let pool = golden("value pool1");
    assert_close("x", &cell.x[60..66], &pool[12 + 6..12 + 12]);
}

#[test]
fn a_place_beyond_the_map_is_refused() {
    let inside = Inside::open();
    let inspection = inside.look();
    let id = inspection.network().find("conv1").expect("a layer");
    let cell = inspection.cell(&inside.device, &inside.weights, id, (13, 0, 0));
    assert_eq!(
        *pollster::block_on(cell).expect_err("there are 13 rows"),
        Error::Input {
            layer: "conv1".to_owned(),
            expected: "a place in 13 x 13 x 12".to_owned(),
            found: "13, 0, 0".to_owned(),
        }
    );
}

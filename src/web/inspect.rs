//! Looking inside the loaded network.

use std::rc::Rc;

use js_sys::{Float32Array, Float64Array, Function, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::{Session, counting, promise, thrown, to_js};
use crate::engine::Device;
use crate::inspect::{self, Area, Cell, Changes, Inspection as Network};
use crate::network::NodeId;
use crate::predict::Predictor;
use crate::preprocess::Picture;

/// The loaded network, made ready for looking inside.
#[wasm_bindgen]
pub struct Inspection(Rc<Inside>);

struct Inside {
    device: Rc<Device>,
    predictor: Rc<Predictor>,
    network: Network,
}

#[wasm_bindgen]
impl Inspection {
    /// Makes the loaded network ready, beside it, with the changes that
    /// [`Changes::of_words`] reads. `progress(done, total)` counts kernels and
    /// returns false to stop.
    ///
    /// # Errors
    /// `stopped`, `unknown` or `input` for changes that cannot be, and what file
    /// and device give.
    pub async fn open(
        session: &Session,
        changes: String,
        progress: Function,
    ) -> Result<Inspection, JsValue> {
        let (device, predictor) = session.loaded()?;
        let changes = Changes::of_words(&changes).map_err(thrown)?;
        let (inference, file) = (predictor.inference(), predictor.file());
        let mut report = counting(&progress);
        let network = Network::new(&device, inference, file, changes, &mut report).await;
        Ok(Self(Rc::new(Inside {
            network: network.map_err(thrown)?,
            device,
            predictor,
        })))
    }

    /// What the network takes of a crop: `[height, width, channels]`.
    ///
    /// # Errors
    /// `pixels`.
    pub fn normalise(&self, rgba: Vec<u8>, width: u32, height: u32) -> Result<Vec<f32>, JsValue> {
        let crop = Picture::new(width, height, rgba).map_err(thrown)?;
        Ok(self.0.predictor.normalise(&crop))
    }

    /// The square around the centre of a photo that the paper cuts its crops from,
    /// as large as the resized photo's shorter side: red, green, blue, alpha.
    ///
    /// # Errors
    /// `pixels`.
    pub fn patch(
        &self,
        rgba: Vec<u8>,
        width: u32,
        height: u32,
        side: u32,
    ) -> Result<Vec<u8>, JsValue> {
        let photo = Picture::new(width, height, rgba).map_err(thrown)?;
        Ok(self.0.predictor.crop(&photo, side, side).rgba)
    }

    /// Computes every value for such an input.
    ///
    /// # Errors
    /// `input`.
    pub fn look(&self, x: &[f32]) -> Result<(), JsValue> {
        self.0.network.look(&self.0.device, x).map_err(thrown)
    }

    /// Switches neurons off at random and computes what stands behind them again.
    #[wasm_bindgen(js_name = dropOut)]
    pub fn drop_out(&self, seed: u32, step: u32) {
        self.0.network.drop_out(&self.0.device, seed, step);
    }

    /// Numbers of a layer: its value (`what` 0), the largest absolute value and
    /// the mean of each unit, one after the other (1), its gradient (2), its
    /// guided gradient (3).
    ///
    /// # Errors
    /// `unknown`, or what the device gives.
    pub fn read(&self, layer: String, what: u32) -> Promise {
        let own = self.0.clone();
        promise(Box::pin(async move {
            let (layer, device) = (own.find(&layer)?, &own.device);
            let numbers = match what {
                0 => own
                    .network
                    .values(device, layer)
                    .await
                    .map(|all| all.to_vec()),
                1 => own.network.statistics(device, layer).await,
                _ => own.network.gradient(device, layer, what == 3).await,
            };
            Ok(Float32Array::from(&numbers.map_err(thrown)?[..]).into())
        }))
    }

    /// Computes the gradients of `sum seed * value` of a layer, back to that in the
    /// value of the layer `to`.
    ///
    /// # Errors
    /// `unknown`, `input`, or what the device gives.
    pub fn backward(&self, layer: String, to: String, seed: Vec<f32>, guided: bool) -> Promise {
        let own = self.0.clone();
        promise(Box::pin(async move {
            let layer = (own.find(&layer)?, own.find(&to)?);
            let done = own.network.backward(&own.device, layer, &seed, guided);
            done.await.map_err(thrown)?;
            Ok(JsValue::UNDEFINED)
        }))
    }

    /// A value of a layer and what made it, in numbers: of [`Cell`] value, sum,
    /// bias, input, field (four, -1 for none), window (four), dilation (two), first
    /// channel, channels, winner (-1 for none), divisor (0 for none), norm (four 0
    /// for none), then `x`, then `weight`, which may be missing.
    ///
    /// # Errors
    /// `unknown`, `input` where there is no such place, what reading the weights
    /// gives, or what the device gives.
    pub fn cell(&self, layer: String, y: usize, x: usize, unit: usize) -> Promise {
        let own = self.0.clone();
        promise(Box::pin(async move {
            let (layer, file) = (own.find(&layer)?, own.predictor.file());
            let cell = own.network.cell(&own.device, file, layer, (y, x, unit));
            Ok(Float64Array::from(&numbers(&cell.await.map_err(thrown)?)[..]).into())
        }))
    }

    /// The rows of some outputs of a parameter, such as `conv1.weight`, in file
    /// order.
    ///
    /// # Errors
    /// `unknown`, or what reading the weights gives.
    pub fn parameter(&self, name: String, first: usize, count: usize) -> Promise {
        let own = self.0.clone();
        promise(Box::pin(async move {
            let rows = inspect::rows(own.predictor.file(), &name, first..first + count);
            Ok(Float32Array::from(&rows.await.map_err(thrown)?[..]).into())
        }))
    }

    /// The kernels that compute a layer: `[{ shader, entryPoint, constants:
    /// [[name, value]], workgroups }]`.
    ///
    /// # Errors
    /// `unknown`.
    pub fn kernels(&self, layer: &str) -> Result<JsValue, JsValue> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Listed<'a> {
            shader: &'static str,
            entry_point: &'static str,
            constants: &'a [(&'static str, f64)],
            workgroups: [u32; 3],
        }
        let layer = self.0.find(layer)?;
        let steps = self.0.predictor.inference().plan().steps.iter();
        let own = steps.filter(|step| step.node == layer).map(|step| Listed {
            shader: step.dispatch.kernel.source.name,
            entry_point: step.dispatch.kernel.entry_point,
            constants: &step.dispatch.constants,
            workgroups: step.dispatch.workgroups,
        });
        Ok(to_js(&own.collect::<Vec<_>>()))
    }

    /// The `GPUBuffer` that holds the value of a layer; none where the processor
    /// computes.
    ///
    /// # Errors
    /// `unknown`.
    pub fn buffer(&self, layer: &str) -> Result<JsValue, JsValue> {
        Ok(self.0.network.buffer(self.0.find(layer)?).into())
    }

    /// The `GPUDevice` that the buffers belong to; none where the processor computes.
    pub fn gpu(&self) -> JsValue {
        self.0.device.handle().into()
    }

    /// The maps of a layer side by side, drawn by the processor: red, green, blue,
    /// alpha. `scale` divides the values of each tile of `order`; `view` is left, top,
    /// width and height, in values; `size` the tiles of a row, and the picture's width and
    /// height.
    ///
    /// # Errors
    /// `unknown`, or what the device gives.
    pub fn mosaic(
        &self,
        layer: String,
        order: Vec<u32>,
        scale: Vec<f32>,
        gap: f32,
        view: Vec<f32>,
        size: Vec<usize>,
    ) -> Promise {
        let own = self.0.clone();
        promise(Box::pin(async move {
            let layer = own.find(&layer)?;
            let x = own.network.values(&own.device, layer).await;
            let x = x.map_err(thrown)?;
            let shape = &own.network.network()[layer].shape;
            let (height, width, _) = shape.as_map_or_vector().unwrap_or((1, 1, x.len()));
            let mosaic = cpu::Mosaic {
                x: &x,
                map: [height, width],
                order: &order,
                scale: &scale,
                columns: size[0],
                gap,
                view: [view[0], view[1], view[2], view[3]],
                size: [size[1], size[2]],
            };
            Ok(js_sys::Uint8ClampedArray::from(&mosaic.draw()[..]).into())
        }))
    }
}

impl Inside {
    fn find(&self, layer: &str) -> Result<NodeId, JsValue> {
        self.network.network().find(layer).map_err(thrown)
    }
}

/// See [`Inspection::cell`].
fn numbers(cell: &Cell) -> Vec<f64> {
    let sides = |area: &Area| [area.top, area.left, area.bottom, area.right].map(f64::from);
    let mut numbers = vec![
        f64::from(cell.value),
        cell.sum,
        f64::from(cell.bias),
        cell.input as f64,
    ];
    numbers.extend(cell.field.as_ref().map_or([-1.0; 4], sides));
    numbers.extend(sides(&cell.window));
    let winner = cell.winner.map_or(-1.0, |index| index as f64);
    let [down, right] = cell.dilation;
    let counts = [down, right, cell.first_channel, cell.channels].map(|count| count as f64);
    numbers.extend(counts);
    numbers.extend([winner, cell.divisor.unwrap_or(0) as f64]);
    let norm = cell.norm.unwrap_or_default();
    let rest = norm.iter().chain(&cell.x).chain(&cell.weight);
    numbers.extend(rest.map(|number| f64::from(*number)));
    numbers
}

//! What exporters write in many operators is one layer here. Found among the
//! layers, so that it does not matter how the operators were written.

use super::super::value::Activation;
use super::Builder;
use crate::error::Result;
use crate::layers::{Activation as Function, AvgPool2d, Layer, LocalResponseNorm};
use crate::weights::tensor::Values;

/// The function that a layer is, and the layer that it reads.
fn function(builder: &Builder, layer: usize) -> Option<(Function, usize)> {
    let draft = builder.draft(layer);
    match draft.layer {
        Layer::Activation(function) => Some((function, draft.inputs[0])),
        _ => None,
    }
}

fn is_near(a: f32, b: f32) -> bool {
    (a - b).abs() < 1e-4
}

/// Products of a value and a function of it: SiLU, hard swish, GELU.
pub fn product(
    builder: &mut Builder,
    name: &str,
    a: &Activation,
    b: &Activation,
) -> Result<Option<Activation>> {
    for (x, factor) in [(a, b), (b, a)] {
        let seen_alike = x.offset == factor.offset && x.dimensions == factor.dimensions;
        if !seen_alike {
            continue;
        }
        let found = match function(builder, factor.layer) {
            Some((Function::Sigmoid, of)) if of == x.layer => Some((Function::Silu, of)),
            Some((Function::HardSigmoid { slope, offset }, of))
                if of == x.layer && is_near(slope, 1.0 / 6.0) && is_near(offset, 0.5) =>
            {
                Some((Function::HardSwish, of))
            }
            _ => match error_function(builder, factor.layer) {
                Some((of, half)) if of == x.layer && is_near(half, 0.5) => {
                    Some((Function::Gelu, of))
                }
                Some((of, one)) if is_near(one, 1.0) => match function(builder, x.layer) {
                    Some((Function::Affine { scale, shift: 0.0 }, own))
                        if own == of && is_near(scale, 0.5) =>
                    {
                        Some((Function::Gelu, of))
                    }
                    _ => None,
                },
                _ => None,
            },
        };
        if let Some((function, layer)) = found {
            let x = Activation { layer, ..x.clone() };
            return builder.pointwise(name, function, &x).map(Some);
        }
    }
    Ok(None)
}

/// `x` and `f` of a layer that is `f * (1 + erf(x / sqrt 2))`.
fn error_function(builder: &Builder, layer: usize) -> Option<(usize, f32)> {
    let (Function::Affine { scale, shift }, inner) = function(builder, layer)? else {
        return None;
    };
    let (Function::Erf, inner) = function(builder, inner)? else {
        return None;
    };
    let (
        Function::Affine {
            scale: root,
            shift: 0.0,
        },
        x,
    ) = function(builder, inner)?
    else {
        return None;
    };
    let fits = is_near(scale, shift) && is_near(root, std::f32::consts::FRAC_1_SQRT_2);
    fits.then_some((x, scale))
}

/// `x` where `scale * value + shift` is half of `x * (1 + erf(x / sqrt 2))`.
pub fn gelu_halved(
    builder: &Builder,
    value: &Activation,
    scale: f32,
    shift: f32,
) -> Option<Activation> {
    let draft = builder.draft(value.layer);
    let (Layer::Multiply(_), [a, b]) = (&draft.layer, &draft.inputs[..]) else {
        return None;
    };
    if !is_near(scale, 0.5) || shift != 0.0 {
        return None;
    }
    let layer = [(*a, *b), (*b, *a)].into_iter().find_map(|(x, factor)| {
        let (of, one) = error_function(builder, factor)?;
        (of == x && is_near(one, 1.0)).then_some(x)
    })?;
    Some(Activation {
        layer,
        ..value.clone()
    })
}

/// The normalisation that a quotient is: `x / (k + alpha * mean of x^2)^beta`, the
/// mean over neighbouring channels, zeros counted beyond the first and last.
pub fn local_response_norm(
    builder: &Builder,
    x: &Activation,
    divisor: &Activation,
) -> Option<LocalResponseNorm> {
    if x.sizes() != divisor.sizes() || x.dimensions.len() != 4 {
        return None;
    }
    let (power, inner) = function(builder, through(builder, divisor.layer))?;
    let Function::Power { exponent: beta } = power else {
        return None;
    };
    let (
        Function::Affine {
            scale: alpha,
            shift: k,
        },
        inner,
    ) = function(builder, inner)?
    else {
        return None;
    };
    let pool = builder.draft(through(builder, inner));
    let Layer::AvgPool2d(AvgPool2d {
        window,
        global: false,
        count_include_pad: true,
    }) = &pool.layer
    else {
        return None;
    };
    let ([size, 1], [1, 1], [1, 1]) = (window.kernel, window.stride, window.dilation) else {
        return None;
    };
    let (channels, _, _) = pool.shape.as_map()?;
    let square = through(builder, pool.inputs[0]);
    let square = builder.draft(square);
    let of = matches!(square.layer, Layer::Multiply(_))
        && square.inputs.iter().all(|input| *input == x.layer);
    // An even window reaches one channel further down with PyTorch, up with ONNX.
    let fits = of && size % 2 == 1 && channels == x.dimensions[1].size();
    fits.then_some(LocalResponseNorm {
        size,
        alpha,
        beta,
        k,
        within_map: false,
    })
}

/// The layer behind those that only move elements or put zeros around them.
fn through(builder: &Builder, mut layer: usize) -> usize {
    loop {
        let draft = builder.draft(layer);
        let ones = draft.weight.as_ref().map(|weight| &weight.values);
        match draft.layer {
            Layer::Rearrange(_) | Layer::Flatten(_) => {}
            Layer::Conv2d(_) if ones == Some(&Values::Repeated(1.0)) && draft.bias.is_none() => {}
            _ => return layer,
        }
        layer = draft.inputs[0];
    }
}

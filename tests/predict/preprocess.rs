//! Preprocessing equals Pillow and torchvision within 1/255 per pixel.

use alexnet_live::error::Error;
use alexnet_live::preprocess::{Picture, Preprocessing, Resize};
use safetensors::{Dtype, SafeTensors};

fn golden() -> SafeTensors<'static> {
    let file = include_bytes!("../golden/preprocess.safetensors");
    SafeTensors::deserialize(file).expect("golden/preprocess.safetensors")
}

/// The synthetic picture of `golden/preprocess.py`.
fn picture(width: u32, height: u32, transparent: bool) -> Picture {
    let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..4 {
                let noise = x.wrapping_mul(73_856_093)
                    ^ y.wrapping_mul(19_349_663)
                    ^ 83_492_791_u32.wrapping_mul(channel);
                let noise = (noise ^ (noise >> 13)).wrapping_mul(0x5bd1_e995);
                let noise = (noise ^ (noise >> 15)) >> 25;
                let gradient = match channel {
                    0 => x * 128 / width,
                    1 => y * 128 / height,
                    2 => (x + y) * 128 / (width + height),
                    _ => 127,
                };
                let opaque = channel == 3 && !transparent;
                rgba.push(if opaque {
                    255
                } else {
                    (noise + gradient) as u8
                });
            }
        }
    }
    Picture::new(width, height, rgba).expect("four bytes a pixel")
}

fn pair(text: &str) -> (u32, u32) {
    let (first, second) = text.split_once('x').expect("a pair");
    (
        first.parse().expect("a number"),
        second.parse().expect("a number"),
    )
}

#[test]
fn synthetic_pictures_as_pillow() {
    let golden = golden();
    let cases = golden
        .tensors()
        .into_iter()
        .filter(|(_, t)| t.dtype() == Dtype::U8);
    let mut count = 0;
    for (case, expected) in cases {
        let words: Vec<&str> = case.split(' ').collect();
        let [size, alpha, resize, side, "crop", crop] = words[..] else {
            panic!("{case}");
        };
        let side = side.parse().expect("a number");
        let preprocessing = Preprocessing {
            resize: match resize {
                "squeeze" => Resize::Squeeze(side),
                _ => Resize::ShorterSide(side),
            },
            ..Preprocessing::CAFFE
        };
        let (width, height) = pair(size);
        let (crop_height, crop_width) = pair(crop);
        let picture = picture(width, height, alpha == "transparent");
        let found = preprocessing.crop(&picture, crop_height, crop_width);
        assert_eq!((found.width, found.height), (crop_width, crop_height));
        for (index, (found, expected)) in found
            .rgba
            .chunks(4)
            .zip(expected.data().chunks(3))
            .enumerate()
        {
            let close = found[..3] == *expected;
            assert!(
                close,
                "{case}: pixel {index} is {found:?}, not {expected:?}"
            );
            assert_eq!(found[3], 255, "{case}: the crop is opaque");
        }
        count += 1;
    }
    assert_eq!(count, 17);
}

#[test]
fn photos_as_torchvision() {
    let presets = [
        ("caffe", Preprocessing::CAFFE, 227),
        ("torchvision", Preprocessing::TORCHVISION, 224),
    ];
    for photo in ["chelsea.png", "coffee.png"] {
        let picture = super::photo(photo);
        for (name, preprocessing, side) in &presets {
            let crop = preprocessing.crop(&picture, *side, *side);
            let values = preprocessing.normalise(&crop);
            let golden = golden();
            let expected = golden.tensor(&format!("{photo} {name}")).expect(name);
            let samples = expected.shape()[1];
            for (index, expected) in expected.data().chunks_exact(4).enumerate() {
                let expected = f32::from_le_bytes(expected.try_into().expect("four bytes"));
                let (pixel, channel) = (index / 3, index % 3);
                let (y, x) = (pixel / samples * 8, pixel % samples * 8);
                let found = values[(y * *side as usize + x) * 3 + channel];
                let level = preprocessing.scale / preprocessing.std[channel];
                assert!(
                    (found - expected).abs() <= level * 1.001,
                    "{photo} {name} at {x}, {y}: {found}, not {expected}"
                );
            }
        }
    }
}

#[test]
fn wrong_numbers_of_bytes_are_told() {
    for (width, height, bytes) in [
        (0, 5, 0),
        (5, 0, 0),
        (2, 2, 15),
        (2, 2, 17),
        (u32::MAX, u32::MAX, 4),
    ] {
        let found = Picture::new(width, height, vec![0; bytes]);
        assert_eq!(
            found,
            Err(Error::Pixels {
                width,
                height,
                bytes
            }
            .into())
        );
    }
}

#[test]
fn an_input_larger_than_the_resized_picture_enlarges_it() {
    let picture = picture(40, 30, false);
    for preprocessing in [Preprocessing::CAFFE, Preprocessing::TORCHVISION] {
        let crop = preprocessing.crop(&picture, 300, 280);
        assert_eq!((crop.width, crop.height), (280, 300));
    }
}

//! Pictures with a margin: crops of them where it trains, their centre where it
//! answers.

use std::sync::Arc;

use alexnet_live::data::{Augmentation, PictureCollector};
use alexnet_live::layers::Activation;
use alexnet_live::predict::Predictor;
use alexnet_live::preprocess::Picture;
use alexnet_live::train::{Random, Settings, Stream};

use super::trainer;
use crate::support::device;

#[test]
fn a_network_trains_with_crops_and_answers_for_the_centre() {
    const SIDE: u32 = 28;
    let device = device();
    let mut random = Random::new(5, Stream::Split, 0);
    let mut photo = || {
        let rgba = (0..45 * 39 * 4).map(|_| random.bits() as u8);
        Picture::new(45, 39, rgba.collect()).expect("a photo")
    };
    let photos: Vec<Picture> = (0..8).map(|_| photo()).collect();
    let classes = vec!["a".to_owned(), "b".to_owned()];
    let shape = [SIDE as usize, SIDE as usize, 3];
    let mut collector = PictureCollector::new(classes, shape).expect("two classes");
    for (index, photo) in photos.iter().enumerate() {
        collector.add(index % 2, photo).expect("a class");
    }
    let dataset = Arc::new(collector.finish("photos", 0.0, 1).expect("a dataset"));

    let plain = Settings {
        batch: 8,
        ..Settings::figure_1("four-layer", Activation::Relu)
    };
    let cropped = Settings {
        augmentation: Augmentation {
            padding: 2,
            ..Augmentation::default()
        },
        ..plain.clone()
    };
    let mut losses = Vec::new();
    for settings in [plain, cropped] {
        let mut trainer = trainer(&device, &settings, &dataset);
        let all: Vec<u32> = (0..8).collect();
        let answers = trainer.logits(&device, &dataset.training, &all);
        let answers = pollster::block_on(answers).expect("it answers");

        // As a file of weights that is shown the photos themselves.
        let file = pollster::block_on(trainer.model(&device)).expect("it is saved");
        let mut progress = |_, _, _| true;
        let predictor = Predictor::load(&device, None, None, file, &mut progress);
        let predictor = pollster::block_on(predictor).expect("it was saved");
        for (index, photo) in photos.iter().enumerate() {
            let crop = predictor.crop(photo, SIDE, SIDE);
            let seen: Vec<&[u8]> = crop.rgba.chunks(4).map(|pixel| &pixel[..3]).collect();
            let picture = dataset.training.picture(index);
            let centre: Vec<&[u8]> = dataset.centre(picture).collect();
            assert_eq!(seen, centre, "photo {index}");
            let input = predictor.normalise(&crop);
            let logits = predictor.run(&device, &input);
            let logits = pollster::block_on(logits).expect("it answers");
            let near = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-4;
            assert!(
                logits.iter().zip(&answers[2 * index..]).all(near),
                "photo {index}"
            );
        }

        let news = pollster::block_on(trainer.step(&device)).expect("it trains");
        losses.push(news.steps[0].loss);
    }
    // The same weights and pictures, of which other parts were seen.
    assert!((losses[0] - losses[1]).abs() > 1e-3, "{losses:?}");
}

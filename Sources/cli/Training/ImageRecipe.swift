import Pipeline
import Seq

/// A good way to train an image classifier on given data. The figures were chosen on a part of MNIST's
/// training images that was held out; `docs/recipes.md` has them.
struct ImageRecipe {
  var architecture: LeNetOptions
  var training = TrainingOptions()
  var augmentation = ImageAugmentation()

  init(for images: ImageChunk) {
    architecture = LeNetOptions(for: images)
    training.epochs = 20
    training.batchSize = 64
    training.learningRate = 4e-3
    training.l2 = 0.01
    training.dropout = 0
  }
}

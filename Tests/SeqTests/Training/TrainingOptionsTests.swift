import Seq
import Testing

@Suite struct TrainingOptionsTests {
  @Test func defaultsAreValid() throws { try TrainingOptions().validate() }

  @Test func numbersHaveBounds() {
    func refuses(_ change: (inout TrainingOptions) -> Void) {
      var options = TrainingOptions()
      change(&options)
      #expect(throws: SeqError.self) { try options.validate() }
    }
    refuses { $0.epochs = 0 }
    refuses { $0.batchSize = 0 }
    refuses { $0.learningRate = -1 }
    refuses { $0.learningRate = .nan }
    refuses { $0.warmUp = 1.5 }
    refuses { $0.l1 = -0.1 }
    refuses { $0.l2 = .infinity }
    refuses { $0.clipNorm = -1 }
    refuses { $0.clipValue = -1 }
    refuses { $0.dropout = 1 }
    refuses { $0.variationalDropout = -0.5 }
    refuses { $0.featureDropout = .nan }
    refuses { $0.earlyStopping = -1 }
    refuses { $0.optimizer = "lion" }
  }
}

extension PipelineError: CategorizedError {
  public var category: ErrorCategory {
    switch self {
    case .unknownStage, .unknownOption, .malformedOption, .missingOption, .malformedPipeline,
      .malformedPipelineFile, .emptyChain, .mismatchedEdge, .malformedValue,
      .pluginRefused:
      .usage
    case .duplicateResource, .missingResource, .malformedResource, .malformedJSON,
      .malformedModel, .malformedText, .wrongEncoding, .recordTooLong, .malformedLabelled,
      .malformedImage, .limitExceeded:
      .badData
    case .pluginFailed: .plugin
    case .duplicateStage, .wrongPayload, .brokenCount: .software
    case .cannotOpen: .noInput
    case .cannotCreate, .notARegularFile: .cannotCreate
    case .cannotRead, .cannotWrite, .unfaithfulStorage, .outputFailed: .io
    case .outputClosed: .outputClosed
    case .cannotStartThread: .temporary
    }
  }
}

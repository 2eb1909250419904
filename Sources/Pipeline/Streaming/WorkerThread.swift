import Glibc

/// One thread of the operating system, with a stack of a known size.
package struct WorkerThread {
  /// 8 MiB, like a main thread's.
  private static let stackSize = 8 << 20
  private let handle: pthread_t

  private final class Body {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
  }

  /// - Throws: `PipelineError.cannotStartThread`.
  package init(_ body: @escaping @Sendable () -> Void) throws {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, Self.stackSize)
    let context = Unmanaged.passRetained(Body(body))
    var handle = pthread_t()
    let code = pthread_create(
      &handle, &attributes,
      { context in
        if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      context.release()
      throw PipelineError.cannotStartThread(code: code)
    }
    self.handle = handle
  }

  package func join() { pthread_join(handle, nil) }
}

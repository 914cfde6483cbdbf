// libtorch's state (threads, default generator, gradient mode) is per process, so tests run one at a time.
[assembly: NonParallelizable]

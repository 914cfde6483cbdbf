// libtorch's state (threads, default generator, gradient mode) belongs to the process: one test at a time.
[assembly: NonParallelizable]

using TorchSharp.Tests.Support;

// libtorch's state (generators, threads, gradient mode) is the process's.
[assembly: NonParallelizable]
[assembly: LeakCheck]

using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace TorchSharp.Benchmark;

/// <summary>ResNet-20 for 3x32x32 with 1x1 shortcuts, as an ordinary TorchSharp script writes it.</summary>
internal sealed class ResNet20 : Module<Tensor, Tensor>
{
    private readonly Sequential body;

    internal ResNet20() : base(nameof(ResNet20))
    {
        List<Module<Tensor, Tensor>> layers = [Conv2d(3, 16, 3, padding: 1, bias: false), BatchNorm2d(16), ReLU(inplace: true)];
        long channels = 16;
        foreach (long width in new long[] { 16, 32, 64 })
            for (int i = 0; i < 3; i++)
            {
                layers.Add(new Block(channels, width, stride: width != channels ? 2 : 1));
                channels = width;
            }
        layers.AddRange([AdaptiveAvgPool2d(1), Flatten(), Linear(64, 10)]);
        body = Sequential(layers);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => body.call(input);

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1, conv2;
        private readonly BatchNorm2d bn1, bn2;
        private readonly Sequential? shortcut;

        internal Block(long channels, long width, long stride) : base(nameof(Block))
        {
            conv1 = Conv2d(channels, width, 3, stride: stride, padding: 1, bias: false);
            bn1 = BatchNorm2d(width);
            conv2 = Conv2d(width, width, 3, padding: 1, bias: false);
            bn2 = BatchNorm2d(width);
            if (stride != 1) shortcut = Sequential(Conv2d(channels, width, 1, stride: stride, bias: false), BatchNorm2d(width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var inner = bn1.call(conv1.call(input)).relu_();
            var outer = bn2.call(conv2.call(inner));
            return outer.add_(shortcut is null ? input : shortcut.call(input)).relu_();
        }
    }
}

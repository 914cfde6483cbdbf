using PaT.Samples.Web;
using TorchSharp;

if (args is not ["--model", var model, .. var rest])
{
    Console.Error.WriteLine("usage: --model model.pat|model.zip [--urls http://localhost:5000]");
    return 2;
}

try
{
    await using var service = WebService.Create(model, new UploadLimits(), rest);
    // Each image uses one core; the service processes as many images at a time as there are cores.
    torch.set_num_threads(1);
    await service.RunAsync();
    return 0;
}
catch (Exception e) when (e is PaTException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}

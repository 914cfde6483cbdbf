using System.Net;
using System.Text;
using TorchSharp;

namespace Microsoft.ML.PaT.Tests;

/// <summary>An HTTP service that replaces its model at intervals while it answers.</summary>
internal static class SwapProgram
{
    /// <summary>As many images at a time as there are cores, as the web sample does.</summary>
    private static readonly SemaphoreSlim s_cores = new(Environment.ProcessorCount);

    private static ImageClassifier s_model = null!;

    /// <param name="arguments"><c>swap</c>, a folder of archives, the port, milliseconds between two models.</param>
    /// <remarks>Ends when its standard input is closed; prints the number of models then.</remarks>
    public static int Main(string[] arguments)
    {
        var archives = Directory.GetFiles(arguments[1], "*.pat").Order(StringComparer.Ordinal).ToArray();
        var interval = TimeSpan.FromMilliseconds(int.Parse(arguments[3]));
        torch.set_num_threads(1);
        s_model = ImageClassifier.Load(archives[0]);
        s_model.WarmUp();
        using var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{arguments[2]}/");
        listener.Start();
        using var stop = new CancellationTokenSource();
        var models = 1;
        var replacing = Task.Factory.StartNew(() =>
        {
            for (; !stop.Token.WaitHandle.WaitOne(interval); models++)
            {
                var next = ImageClassifier.Load(archives[models % archives.Length]);
                Interlocked.Exchange(ref s_model, next).Dispose();
            }
        }, TaskCreationOptions.LongRunning);
        _ = AnswerAllAsync(listener);
        Console.WriteLine("go");
        Console.In.ReadToEnd();
        stop.Cancel();
        replacing.Wait();
        Console.WriteLine(models);
        return 0;
    }

    private static async Task AnswerAllAsync(HttpListener listener)
    {
        while (listener.IsListening)
        {
            var request = await listener.GetContextAsync();
            _ = Task.Run(() => AnswerAsync(request));
        }
    }

    private static async Task AnswerAsync(HttpListenerContext context)
    {
        using var image = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(image);
        await s_cores.WaitAsync();
        string label;
        try
        {
            label = Predict(image.ToArray());
        }
        finally
        {
            s_cores.Release();
        }
        var answer = Encoding.UTF8.GetBytes(label);
        context.Response.ContentLength64 = answer.Length;
        await context.Response.OutputStream.WriteAsync(answer);
        context.Response.Close();
    }

    private static string Predict(byte[] image)
    {
        while (true)
            try
            {
                return Volatile.Read(ref s_model).Predict(image).Label;
            }
            catch (ObjectDisposedException)
            {
                // The model was replaced between reading the field and calling it.
            }
    }
}

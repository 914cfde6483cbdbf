using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>Calls ATen's operators by name ("add.Tensor" is overload Tensor of aten::add). A name is looked up in libtorch once;
/// arguments left out at the end take the defaults of the operator's schema.</summary>
internal static unsafe class Op
{
    private const int StackWords = 64;
    private static readonly ConcurrentDictionary<string, IntPtr> s_handles = new(StringComparer.Ordinal);

    /// <summary>For operators that change their first argument and return it: the result is that argument.</summary>
    internal static Tensor Run(string name, params ReadOnlySpan<Arg> arguments)
    {
        Invoke(name, arguments, null, 0);
        return (Tensor)arguments[0].Reference!;
    }

    /// <summary>For operators that return one tensor.</summary>
    internal static Tensor Call(string name, params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Invoke(name, arguments, &result, 1);
        return new Tensor(result.Pointer);
    }

    internal static (Tensor, Tensor) Call2(string name, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc Value[2];
        Invoke(name, arguments, results, 2);
        return (new Tensor(results[0].Pointer), new Tensor(results[1].Pointer));
    }

    internal static (Tensor, Tensor, Tensor) Call3(string name, params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc Value[3];
        Invoke(name, arguments, results, 3);
        return (new Tensor(results[0].Pointer), new Tensor(results[1].Pointer), new Tensor(results[2].Pointer));
    }

    internal static Tensor[] CallList(string name, params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Invoke(name, arguments, &result, 1);
        var handles = (IntPtr*)result.Pointer;
        try
        {
            var tensors = new Tensor[result.Length];
            for (int i = 0; i < tensors.Length; i++) tensors[i] = new Tensor(handles[i]);
            return tensors;
        }
        finally
        {
            Status.Check(NativeMethods.sts_list_release(handles));
        }
    }

    internal static long CallLong(string name, params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Invoke(name, arguments, &result, 1);
        return result.Integer;
    }

    internal static bool CallBool(string name, params ReadOnlySpan<Arg> arguments) => CallLong(name, arguments) != 0;

    private static void Invoke(string name, ReadOnlySpan<Arg> arguments, Value* results, int capacity)
    {
        int words = 0;
        foreach (ref readonly var argument in arguments) words += argument.Words;
        if (words <= StackWords)
        {
            var scratch = stackalloc long[StackWords];
            Invoke(name, arguments, scratch, results, capacity);
            return;
        }
        var memory = (long*)NativeMemory.Alloc((nuint)words, sizeof(long));
        try
        {
            Invoke(name, arguments, memory, results, capacity);
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    private static void Invoke(string name, ReadOnlySpan<Arg> arguments, long* scratch, Value* results, int capacity)
    {
        if (!s_handles.TryGetValue(name, out var op)) op = Find(name);
        var values = stackalloc Value[arguments.Length];
        for (int i = 0; i < arguments.Length; i++) scratch = Write(in arguments[i], values + i, scratch);
        int returned;
        int status = NativeMethods.sts_call(op, values, arguments.Length, results, capacity, &returned);
        foreach (ref readonly var argument in arguments) GC.KeepAlive(argument.Reference);
        Status.Check(status);
        if (returned < capacity) throw new InvalidOperationException($"aten::{name} returned {returned} values where {capacity} were expected");
    }

    /// <summary>Writes one argument; lists and text go into the scratch memory, whose next free word is returned.</summary>
    private static long* Write(ref readonly Arg argument, Value* value, long* scratch)
    {
        value->Tag = argument.Tag;
        value->Length = 0;
        switch (argument.Reference)
        {
            case null:
                value->Integer = argument.Bits;
                return scratch;
            case Tensor tensor:
                value->Pointer = tensor.Handle;
                return scratch;
            case Generator generator:
                value->Pointer = generator.Handle;
                return scratch;
            case string text:
                value->Length = Encoding.UTF8.GetBytes(text, new Span<byte>(scratch, argument.Words * sizeof(long)));
                break;
            case Tensor?[] tensors:
                for (int i = 0; i < tensors.Length; i++) scratch[i] = tensors[i]?.Handle ?? 0;
                value->Length = tensors.Length;
                break;
            case long[] integers:
                integers.CopyTo(new Span<long>(scratch, integers.Length));
                value->Length = integers.Length;
                break;
            case double[] reals:
                reals.CopyTo(new Span<double>(scratch, reals.Length));
                value->Length = reals.Length;
                break;
        }
        value->Pointer = (IntPtr)scratch;
        return scratch + argument.Words;
    }

    private static IntPtr Find(string name)
    {
        int dot = name.IndexOf('.');
        var (op, overload) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        Status.Check(NativeMethods.sts_find("aten::" + op, overload, out var handle));
        return s_handles.GetOrAdd(name, handle);
    }
}

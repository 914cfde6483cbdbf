namespace TorchSharp.Utils;

/// <summary>The name under which a field's parameter, buffer or module is registered, where it is not to be the field's own.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ComponentNameAttribute : Attribute
{
    public string? Name { get; set; }
}

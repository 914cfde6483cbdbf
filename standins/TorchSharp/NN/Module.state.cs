namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>The parameters and the persistent buffers by name: the tensors themselves, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string Key(string name) => string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}";
                foreach (var (name, parameter) in named_parameters()) destination.TryAdd(Key(name), parameter);
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false)) destination.TryAdd(Key(name), buffer);
                foreach (var (name, child) in _internal_submodules) child.state_dict(destination, Key(name));
                return destination;
            }

            /// <summary>Copies values in by name; strictly, both sides have to have the same names.</summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var destination = state_dict();
                bool Skipped(string key) => skip?.Contains(key) == true;
                List<string> missing = [.. destination.Keys.Where(key => !Skipped(key) && !source.ContainsKey(key))];
                List<string> unexpected = [.. source.Keys.Where(key => !Skipped(key) && !destination.ContainsKey(key))];
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary.");
                using var unrecorded = no_grad();
                foreach (var (key, value) in source)
                    if (!Skipped(key) && destination.TryGetValue(key, out var target)) target.copy_(value);
                return (missing, unexpected);
            }
        }
    }
}

using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Modules by name, in the order they were added, all of them registered under it.</summary>
    public class ModuleDict<T> : Module, IDictionary<string, T>, IList<(string, T)> where T : Module
    {
        public ModuleDict() : base(nameof(ModuleDict<T>)) { }

        public T this[string key]
        {
            get => (T)_internal_submodules[key];
            set
            {
                _internal_submodules.Remove(key);
                register_module(key, value);
            }
        }

        public (string, T) this[int index]
        {
            get => Typed(_internal_submodules[index]);
            set => _internal_submodules[index] = value;
        }

        public int Count => _internal_submodules.Count;
        public bool IsReadOnly => false;
        public ICollection<string> Keys => _internal_submodules.Keys;
        public ICollection<T> Values => [.. _internal_submodules.Values.Cast<T>()];

        public IEnumerable<string> keys() => Keys;
        public IEnumerable<T> values() => Values;
        public IEnumerator<(string, T)> items() => GetEnumerator();
        public void clear() => Clear();

        public void Add(string key, T value) => register_module(key, value);
        public void Add((string, T) item) => register_module(item.Item1, item.Item2);
        public void Add(KeyValuePair<string, T> item) => register_module(item.Key, item.Value);
        public void Insert(int index, (string, T) item) => _internal_submodules.Insert(index, item);
        public bool Remove(string key) => _internal_submodules.Remove(key);
        public bool Remove((string, T) item) => _internal_submodules.Remove(item);
        public bool Remove(KeyValuePair<string, T> item) => _internal_submodules.Remove((item.Key, item.Value));
        public void RemoveAt(int index) => _internal_submodules.RemoveAt(index);
        public void Clear() => ClearModules();

        public bool ContainsKey(string key) => _internal_submodules.ContainsKey(key);
        public bool Contains((string, T) item) => _internal_submodules.Contains(item);
        public bool Contains(KeyValuePair<string, T> item) => _internal_submodules.Contains((item.Key, item.Value));
        public int IndexOf((string, T) item) => _internal_submodules.IndexOf(item);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
        {
            bool found = _internal_submodules.TryGetValue(key, out var module);
            value = module as T;
            return found;
        }

        public void CopyTo((string, T)[] array, int arrayIndex)
        {
            foreach (var named in _internal_submodules) array[arrayIndex++] = Typed(named);
        }

        public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex)
        {
            foreach (var (name, module) in this) array[arrayIndex++] = new(name, module);
        }

        public IEnumerator<(string, T)> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

        IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() => Enumerable.Range(0, Count).Select(i => KeyValuePair.Create(this[i].Item1, this[i].Item2)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        // The modules are registered as they come and go, not by fields.
        protected override void RegisterComponents() { }

        private static (string, T) Typed((string, Module) named) => (named.Item1, (T)named.Item2);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

            public static Modules.ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
            {
                var dictionary = new Modules.ModuleDict<T>();
                foreach (var (name, module) in modules) dictionary.Add(name, module);
                return dictionary;
            }
        }
    }
}

using System.Collections;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Modules by position, all of them registered under it.</summary>
    public class ModuleList<T> : Module, IList<T> where T : Module
    {
        private readonly List<T> _list = [];

        public ModuleList(params T[] modules) : base(nameof(ModuleList<T>)) => extend(modules);

        public T this[int index]
        {
            get => _list[index];
            set
            {
                _list[index] = value;
                Renumber();
            }
        }

        public int Count => _list.Count;
        public bool IsReadOnly => false;

        public void Add(T item) => Change(() => _list.Add(item));
        public void Insert(int index, T item) => Change(() => _list.Insert(index, item));
        public void RemoveAt(int index) => Change(() => _list.RemoveAt(index));
        public void Clear() => Change(_list.Clear);
        public void append(params T[] modules) => extend(modules);
        public void extend(IEnumerable<T> modules) => Change(() => _list.AddRange(modules));

        public bool Remove(T item)
        {
            bool removed = _list.Remove(item);
            Renumber();
            return removed;
        }

        public bool Contains(T item) => _list.Contains(item);
        public int IndexOf(T item) => _list.IndexOf(item);
        public void CopyTo(T[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);
        public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();
        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        // The modules are registered as they come and go, not by fields.
        protected override void RegisterComponents() { }

        private void Change(Action change)
        {
            change();
            Renumber();
        }

        private void Renumber()
        {
            ClearModules();
            for (int i = 0; i < _list.Count; i++) register_module(i.ToString(), _list[i]);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.ModuleList<Module> ModuleList(params Module[] modules) => new(modules);
            public static Modules.ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);
        }
    }
}

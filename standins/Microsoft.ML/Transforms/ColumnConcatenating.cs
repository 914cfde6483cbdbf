using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms
{
    /// <summary>Puts columns of one type behind one another into a vector.</summary>
    public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
    {
        private readonly string _output;
        private readonly string[] _inputs;

        internal ColumnConcatenatingEstimator(string outputColumnName, string[] inputColumnNames)
        {
            ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
            ArgumentNullException.ThrowIfNull(inputColumnNames);
            if (inputColumnNames.Length == 0) throw new ArgumentOutOfRangeException(nameof(inputColumnNames), "At least one column is needed.");
            _output = outputColumnName;
            _inputs = inputColumnNames;
        }

        public ColumnConcatenatingTransformer Fit(IDataView input)
        {
            ArgumentNullException.ThrowIfNull(input);
            var transformer = new ColumnConcatenatingTransformer(_output, _inputs);
            transformer.GetOutputSchema(input.Schema);
            return transformer;
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            ArgumentNullException.ThrowIfNull(inputSchema);
            var sources = _inputs.Select(inputSchema.Find).ToArray();
            foreach (var source in sources)
            {
                if (source.IsKey) throw new InvalidOperationException($"Column '{source.Name}' is key. Concatenation of keys is unsupported.");
                if (!source.ItemType.Equals(sources[0].ItemType))
                    throw new InvalidOperationException($"Concatenated columns should have the same type. Column '{source.Name}' has type of {source.ItemType}, but expected column type is {sources[0].ItemType}.");
            }
            bool varies = sources.Any(s => s.Kind == SchemaShape.Column.VectorKind.VariableVector);
            bool named = !varies && sources.Any(s => s.Kind == SchemaShape.Column.VectorKind.Scalar || s.Annotations.TryFindColumn(AnnotationKinds.SlotNames, out _));
            var annotations = named ? new SchemaShape([SchemaShape.Column.Of(AnnotationKinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, 1))]) : null;
            return inputSchema.With([new(_output, varies ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector, sources[0].ItemType, false, annotations)]);
        }
    }
}

namespace Microsoft.ML.Data
{
    /// <summary>The transformer of <see cref="Transforms.ColumnConcatenatingEstimator"/>.</summary>
    public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
    {
        internal const string Kind = "ColumnConcatenating";
        private readonly string _output;
        private readonly string[] _inputs;

        internal ColumnConcatenatingTransformer(string output, string[] inputs)
        {
            _output = output;
            _inputs = inputs;
        }

        private protected override RowMapping Bind(DataViewSchema input)
        {
            var sources = _inputs.Select(name => input.GetColumnOrNull(name) ?? throw Failures.MissingInput(name)).ToArray();
            var item = sources[0].Type.ItemType() as PrimitiveDataViewType
                ?? throw Failures.Mismatch(sources[0].Name, "a primitive type or a vector of one", sources[0].Type.ToString());
            foreach (var source in sources)
                if (!source.Type.ItemType().Equals(item)) throw Failures.Mismatch(source.Name, item.ToString(), source.Type.ToString());
            bool varies = sources.Any(s => s.Type is VectorDataViewType { IsKnownSize: false });
            int size = varies ? 0 : sources.Sum(s => s.Type is VectorDataViewType v ? v.Size : 1);
            return new(input, new MappedColumn(_output, new VectorDataViewType(item, size), sources.Select(s => s.Index).ToArray(), varies ? null : SlotNames(sources, size))
            {
                Getter = row => (Delegate)Generic.Call(null, typeof(ColumnConcatenatingTransformer), nameof(Getter), [item.RawType], row, sources),
            });
        }

        /// <summary>A scalar's slot is named after its column, a named vector's "column.slot".</summary>
        private static DataViewSchema.Annotations SlotNames(DataViewSchema.Column[] sources, int size)
        {
            if (!sources.Any(s => s.Type is not VectorDataViewType || s.HasSlotNames())) return null;
            var names = new ReadOnlyMemory<char>[size];
            int at = 0;
            foreach (var source in sources)
            {
                if (source.Type is not VectorDataViewType vector)
                {
                    names[at++] = source.Name.AsMemory();
                    continue;
                }
                VBuffer<ReadOnlyMemory<char>> slots = default;
                if (source.HasSlotNames()) source.GetSlotNames(ref slots);
                for (int i = 0; i < vector.Size; i++, at++)
                    if (i < slots.Length && slots.GetItemOrDefault(i) is { IsEmpty: false } slot) names[at] = $"{source.Name}.{slot}".AsMemory();
            }
            var builder = new DataViewSchema.Annotations.Builder();
            AnnotationHelper.AddVector(builder, AnnotationKinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, size), new VBuffer<ReadOnlyMemory<char>>(size, names));
            return builder.ToAnnotations();
        }

        private static ValueGetter<VBuffer<T>> Getter<T>(DataViewRow row, DataViewSchema.Column[] sources)
        {
            var readers = sources.Select(s => s.Type is VectorDataViewType ? Vector(row.GetGetter<VBuffer<T>>(s)) : Scalar(row.GetGetter<T>(s))).ToArray();
            var parts = new VBuffer<T>[readers.Length];
            return (ref VBuffer<T> dst) =>
            {
                int length = 0;
                for (int i = 0; i < readers.Length; i++)
                {
                    readers[i](ref parts[i]);
                    length += parts[i].Length;
                }
                var editor = VBufferEditor.Create(ref dst, length);
                int at = 0;
                foreach (var part in parts)
                {
                    part.CopyTo(editor.Values.Slice(at, part.Length));
                    at += part.Length;
                }
                dst = editor.Commit();
            };
        }

        private static ValueGetter<VBuffer<T>> Vector<T>(ValueGetter<VBuffer<T>> getter) => getter;

        private static ValueGetter<VBuffer<T>> Scalar<T>(ValueGetter<T> getter) => (ref VBuffer<T> dst) =>
        {
            var editor = VBufferEditor.Create(ref dst, 1);
            getter(ref editor.Values[0]);
            dst = editor.Commit();
        };

        private protected override void SaveModel(ModelSaveContext ctx)
        {
            var writer = ctx.Begin(Kind, 1);
            writer.Write(_output);
            PairCodec.WriteNames(writer, _inputs);
        }

        internal static ITransformer Load(ModelLoadContext ctx)
        {
            var reader = ctx.Expect(1);
            return new ColumnConcatenatingTransformer(reader.ReadString(), PairCodec.ReadNames(reader));
        }
    }
}

using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// References between the source folders of a compiled assembly: types from its metadata, folders from its PDB.
/// </summary>
internal sealed class FolderReferences : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _types;
    private readonly MetadataReaderProvider _symbols;
    private readonly string[] _roots;
    private readonly Dictionary<TypeDefinitionHandle, string> _folders = [];

    /// <param name="assembly">Path of the assembly; its portable PDB must be next to it.</param>
    /// <param name="roots">Last parts of paths: of the project folder, such as <c>src/Microsoft.ML.PaT</c>, and of
    /// folders outside it with linked files, such as <c>src/Shared</c>.</param>
    public FolderReferences(string assembly, params string[] roots)
    {
        _roots = [.. roots.Select(root => $"/{root}/")];
        _file = new PEReader(File.OpenRead(assembly));
        _types = _file.GetMetadataReader();
        _symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assembly, ".pdb")));
        foreach (var handle in _types.TypeDefinitions) _folders[handle] = FolderOf(handle);
    }

    /// <summary>Full names of types whose folder is unknown.</summary>
    public IEnumerable<string> WithoutFolder =>
        _types.TypeDefinitions.Where(t => IsWritten(t) && _folders[t] == "?").Select(NameOf);

    /// <summary>
    /// Folders with types, relative to the project: "" is the project folder, <c>Shared</c> a folder of linked files.
    /// </summary>
    public IReadOnlySet<string> Folders => _types.TypeDefinitions.Where(IsWritten).Select(t => _folders[t]).ToHashSet();

    public IEnumerable<(string From, string To, string Because)> Edges() =>
        from type in _types.TypeDefinitions
        where IsWritten(type) && !IsSerializerContext(type)
        from used in UsedBy(type)
        where IsWritten(used) && _folders[used] != _folders[type] && _folders[used] != "?"
        select (_folders[type], _folders[used], $"{NameOf(type)} -> {NameOf(used)}");

    public void Dispose()
    {
        _symbols.Dispose();
        _file.Dispose();
    }

    /// <summary>
    /// Types of the compiler or a source generator have no namespace, or names that C# does not allow.
    /// </summary>
    private bool IsWritten(TypeDefinitionHandle handle)
    {
        var type = _types.GetTypeDefinition(Outermost(handle));
        var name = _types.GetString(type.Name);
        return !name.Contains('<')
            && _types.GetString(type.Namespace).StartsWith("Microsoft.ML.PaT", StringComparison.Ordinal);
    }

    /// <summary>JSON contexts list every serialized type in generated code; the list is not a dependency.</summary>
    private bool IsSerializerContext(TypeDefinitionHandle handle) =>
        _types.GetString(_types.GetTypeDefinition(Outermost(handle)).Name)
            .EndsWith("JsonContext", StringComparison.Ordinal);

    private TypeDefinitionHandle Outermost(TypeDefinitionHandle handle)
    {
        while (_types.GetTypeDefinition(handle).GetDeclaringType() is { IsNil: false } outer) handle = outer;
        return handle;
    }

    private string NameOf(TypeDefinitionHandle handle)
    {
        var type = _types.GetTypeDefinition(Outermost(handle));
        return $"{_types.GetString(type.Namespace)}.{_types.GetString(type.Name)}";
    }

    private string FolderOf(TypeDefinitionHandle handle)
    {
        var symbols = _symbols.GetMetadataReader();
        var outermost = Outermost(handle);
        var documents =
            from type in _types.TypeDefinitions
            where Outermost(type) == outermost
            from method in _types.GetTypeDefinition(type).GetMethods()
            let document = symbols.GetMethodDebugInformation(method.ToDebugInformationHandle()).Document
            where !document.IsNil
            select symbols.GetString(symbols.GetDocument(document).Name);
        var declared =
            from id in symbols.CustomDebugInformation
            let information = symbols.GetCustomDebugInformation(id)
            where information.Parent == (EntityHandle)outermost && symbols.GetGuid(information.Kind) == s_typeDocuments
            from document in Documents(symbols.GetBlobReader(information.Value))
            select symbols.GetString(symbols.GetDocument(document).Name);
        return documents.Concat(declared)
            .Select(p => p.Replace('\\', '/'))
            .Where(p => !p.Contains("/obj/"))
            .Select(FolderOf)
            .FirstOrDefault(folder => folder is not null) ?? "?";
    }

    private string? FolderOf(string path)
    {
        var root = _roots.FirstOrDefault(path.Contains);
        if (root is null) return null;
        var relative = path[(path.LastIndexOf(root, StringComparison.Ordinal) + root.Length)..];
        var folder = relative.Contains('/') ? relative[..relative.LastIndexOf('/')] : "";
        return root == _roots[0] ? folder : root.Trim('/').Split('/')[^1];
    }

    /// <summary>
    /// "TypeDefinitionDocuments" of the portable PDB format: documents of types without method bodies (enums,
    /// interfaces).
    /// </summary>
    private static readonly Guid s_typeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private static IEnumerable<DocumentHandle> Documents(BlobReader blob)
    {
        var documents = new List<DocumentHandle>();
        while (blob.RemainingBytes > 0) documents.Add(MetadataTokens.DocumentHandle(blob.ReadCompressedInteger()));
        return documents;
    }

    private HashSet<TypeDefinitionHandle> UsedBy(TypeDefinitionHandle handle)
    {
        var found = new HashSet<TypeDefinitionHandle>();
        var collector = new TypeCollector(found);
        var type = _types.GetTypeDefinition(handle);
        Add(type.BaseType);
        foreach (var implemented in type.GetInterfaceImplementations())
            Add(_types.GetInterfaceImplementation(implemented).Interface);
        foreach (var field in type.GetFields()) _types.GetFieldDefinition(field).DecodeSignature(collector, null);
        foreach (var id in type.GetMethods())
        {
            var method = _types.GetMethodDefinition(id);
            method.DecodeSignature(collector, null);
            if (method.RelativeVirtualAddress != 0) AddBody(_file.GetMethodBody(method.RelativeVirtualAddress));
        }
        return [.. found.Select(Outermost).Where(t => t != Outermost(handle))];

        void Add(EntityHandle entity)
        {
            if (entity.IsNil) return; // interfaces have no base type
            switch (entity.Kind)
            {
                case HandleKind.TypeDefinition: found.Add((TypeDefinitionHandle)entity); break;
                case HandleKind.TypeSpecification:
                    _types.GetTypeSpecification((TypeSpecificationHandle)entity).DecodeSignature(collector, null);
                    break;
                case HandleKind.MethodDefinition:
                    found.Add(_types.GetMethodDefinition((MethodDefinitionHandle)entity).GetDeclaringType());
                    break;
                case HandleKind.FieldDefinition:
                    found.Add(_types.GetFieldDefinition((FieldDefinitionHandle)entity).GetDeclaringType());
                    break;
                case HandleKind.MemberReference:
                    Add(_types.GetMemberReference((MemberReferenceHandle)entity).Parent);
                    break;
                case HandleKind.MethodSpecification:
                    var specification = _types.GetMethodSpecification((MethodSpecificationHandle)entity);
                    Add(specification.Method);
                    specification.DecodeSignature(collector, null);
                    break;
            }
        }

        void AddBody(MethodBodyBlock body)
        {
            if (!body.LocalSignature.IsNil)
                _types.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(collector, null);
            foreach (var token in InstructionTokens.Of(body.GetILBytes() ?? []))
                Add((EntityHandle)MetadataTokens.Handle(token));
        }
    }

    private sealed class TypeCollector(HashSet<TypeDefinitionHandle> found) : ISignatureTypeProvider<int, object?>
    {
        public int GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            found.Add(handle);
            return 0;
        }

        public int GetTypeFromSpecification(
            MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, context);

        public int GetArrayType(int elementType, ArrayShape shape) => 0;
        public int GetByReferenceType(int elementType) => 0;
        public int GetFunctionPointerType(MethodSignature<int> signature) => 0;
        public int GetGenericInstantiation(int genericType, ImmutableArray<int> typeArguments) => 0;
        public int GetGenericMethodParameter(object? context, int index) => 0;
        public int GetGenericTypeParameter(object? context, int index) => 0;
        public int GetModifiedType(int modifier, int unmodifiedType, bool isRequired) => 0;
        public int GetPinnedType(int elementType) => 0;
        public int GetPointerType(int elementType) => 0;
        public int GetPrimitiveType(PrimitiveTypeCode typeCode) => 0;
        public int GetSZArrayType(int elementType) => 0;
        public int GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => 0;
    }
}

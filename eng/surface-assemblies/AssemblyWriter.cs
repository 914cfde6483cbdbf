using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace SurfaceAssemblies;

/// <summary>One assembly from one listing. Tables are filled in the order that the format asks for: types as listed, members type by type.</summary>
internal sealed class AssemblyWriter
{
    /// <summary>The least there is: what is compiled against these assemblies then takes any version of the real ones.</summary>
    internal static readonly Version Version = new(0, 0, 0, 0);

    private readonly ListedAssembly _assembly;
    private readonly StandInKnowledge _knowledge;
    private readonly List<LeftOut> _leftOut;
    private readonly MetadataBuilder _metadata = new();
    private readonly BlobBuilder _code = new();
    private readonly TypeReferences _references;
    private readonly SignatureWriter _signatures;
    private readonly AttributeWriter _attributes;
    private readonly GenericParameters _generics;
    private readonly MemberWriter _members;

    internal AssemblyWriter(ListedAssembly assembly, IReadOnlyDictionary<string, ListedAssembly> owners, StandInKnowledge knowledge, FrameworkTypes framework, List<LeftOut> leftOut)
    {
        (_assembly, _knowledge, _leftOut) = (assembly, knowledge, leftOut);
        _references = new TypeReferences(_metadata, assembly, owners, framework);
        _signatures = new SignatureWriter(_metadata, _references);
        _attributes = new AttributeWriter(_metadata, _references, _signatures);
        _generics = new GenericParameters(_metadata, _signatures);
        _members = new MemberWriter(_metadata, _signatures, _attributes, _generics, knowledge, ThrowingBody(), leftOut);
    }

    internal byte[] Write()
    {
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(_assembly.Name)).AsSpan(0, 16));
        _metadata.AddModule(0, _metadata.GetOrAddString(_assembly.Name + ".dll"), _metadata.GetOrAddGuid(id), default, default);
        var self = _metadata.AddAssembly(_metadata.GetOrAddString(_assembly.Name), Version, default, default, default, AssemblyHashAlgorithm.None);
        _attributes.Add<ExtensionAttribute>(self);
        _metadata.AddTypeDefinition(default, default, _metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        foreach (var type in _assembly.Types.Values) AddType(type);
        _generics.Write();
        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(_metadata), _code).Serialize(image);
        return image.ToArray();
    }

    private void AddType(ListedType type)
    {
        var known = _knowledge.Find(type.Name);
        int nested = type.Name.LastIndexOf('+'), dot = nested < 0 ? type.Name.LastIndexOf('.') : -1;
        var row = _metadata.AddTypeDefinition(
            Attributes(type, known, nested >= 0), dot < 0 ? default : _metadata.GetOrAddString(type.Name[..dot]), _metadata.GetOrAddString(type.Name[(Math.Max(nested, dot) + 1)..]),
            Base(type), MetadataTokens.FieldDefinitionHandle(_metadata.GetRowCount(TableIndex.Field) + 1), MetadataTokens.MethodDefinitionHandle(_metadata.GetRowCount(TableIndex.MethodDef) + 1));
        if (nested >= 0) _metadata.AddNestedType(row, _references.Own(type.Name[..nested]));
        if (type.Kind == "struct") _metadata.AddTypeLayout(row, 0, 1);
        foreach (var contract in type.Contracts)
        {
            try { _metadata.AddInterfaceImplementation(row, _signatures.Type(contract)); }
            catch (UnlistedTypeException e) { _leftOut.Add(new LeftOut($"implements {type.Name} : {contract}", e.Message)); }
        }
        if (known is not null) _attributes.Copy(row, known.GetCustomAttributesData());
        _generics.Add(row, type.Arity, known?.GetGenericArguments());
        _members.Add(row, type, known);
    }

    private static TypeAttributes Attributes(ListedType type, Type? known, bool isNested)
    {
        const TypeAttributes taken = TypeAttributes.VisibilityMask | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.Interface | TypeAttributes.BeforeFieldInit;
        var layout = type.Kind == "struct" ? TypeAttributes.SequentialLayout : TypeAttributes.AutoLayout;
        if (known is not null) return (known.Attributes & taken) | layout;
        return layout | (isNested ? TypeAttributes.NestedPublic : TypeAttributes.Public) | type.Kind switch
        {
            "interface" => TypeAttributes.Interface | TypeAttributes.Abstract,
            "class" => MemberWriter.IsStatic(type, known) ? TypeAttributes.Abstract | TypeAttributes.Sealed : TypeAttributes.Class,
            _ => TypeAttributes.Sealed,
        };
    }

    /// <summary>All classes above are listed: the one directly above has the most of them above itself.</summary>
    private EntityHandle Base(ListedType type)
    {
        foreach (var above in type.Bases.OrderByDescending(_references.Depth))
        {
            try { return _signatures.Type(above); }
            catch (UnlistedTypeException e) { _leftOut.Add(new LeftOut($"base {type.Name} : {above}", e.Message)); }
        }
        return type.Kind switch
        {
            "interface" => default,
            "enum" => _references.Find("System.Enum"),
            "struct" => _references.Find("System.ValueType"),
            "delegate" => _references.Find("System.MulticastDelegate"),
            _ => _references.Find("System.Object"),
        };
    }

    /// <summary>The one body that all methods share.</summary>
    private int ThrowingBody()
    {
        var exception = _metadata.AddMemberReference(_references.Find(typeof(NotSupportedException).FullName!), _metadata.GetOrAddString(".ctor"), _signatures.Method(false, 0, [], null, null));
        var code = new InstructionEncoder(new BlobBuilder());
        code.OpCode(ILOpCode.Newobj);
        code.Token(exception);
        code.OpCode(ILOpCode.Throw);
        return new MethodBodyStreamEncoder(_code).AddMethodBody(code, maxStack: 1);
    }
}

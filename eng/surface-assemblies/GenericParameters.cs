using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace SurfaceAssemblies;

/// <summary>Generic parameters of types and methods, kept until the end: their table is sorted by owner.</summary>
internal sealed class GenericParameters(MetadataBuilder metadata, SignatureWriter signatures)
{
    private readonly List<(EntityHandle Owner, int Arity, Type[]? Known)> _pending = [];

    internal void Add(EntityHandle owner, int arity, Type[]? known)
    {
        if (arity > 0) _pending.Add((owner, arity, known?.Length == arity ? known : null));
    }

    internal void Write()
    {
        foreach (var (owner, arity, known) in _pending.OrderBy(p => CodedIndex.TypeOrMethodDef(p.Owner)))
            for (int i = 0; i < arity; i++)
            {
                var parameter = metadata.AddGenericParameter(owner, known?[i].GenericParameterAttributes ?? GenericParameterAttributes.None, metadata.GetOrAddString(known?[i].Name ?? $"T{i}"), i);
                foreach (var constraint in known?[i].GetGenericParameterConstraints() ?? [])
                    metadata.AddGenericParameterConstraint(parameter, signatures.Type(TypeText.Parse(PublicSurface.TypeName(constraint))));
            }
    }
}

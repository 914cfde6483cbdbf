using System.Reflection;
using System.Xml.Linq;

namespace Microsoft.ML.PaT.Tests;

/// <summary>
/// A public method with documented parameters documents all of them. The compiler's check (CS1573) is off, because it
/// includes internal members.
/// </summary>
public class PublicDocumentationTests
{
    [Test]
    public void Public_methods_document_all_parameters_or_none()
    {
        var assembly = typeof(PruningAwareTrainingOptions).Assembly;
        var comments = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"))
            .Descendants("member")
            .ToLookup(member => NameOf((string)member.Attribute("name")!), ParametersOf);
        Assert.That(
            from type in assembly.GetExportedTypes()
            from method in type.GetMembers().OfType<MethodBase>()
            where method.DeclaringType == type
            let documented = comments[$"M:{type.FullName}.{method.Name.Replace('.', '#')}"]
                .Where(names => names.Count > 0 && method.GetParameters().Any(p => names.Contains(p.Name!)))
                .ToList()
            where documented.Count > 0
                && !documented.Any(names => method.GetParameters().All(p => names.Contains(p.Name!)))
            select $"{type.Name}.{method.Name}",
            Is.Empty);
    }

    private static string NameOf(string id) => id.Split('(')[0].Split("``")[0];

    private static HashSet<string> ParametersOf(XElement member) =>
        [.. member.Elements("param").Select(param => (string)param.Attribute("name")!)];
}

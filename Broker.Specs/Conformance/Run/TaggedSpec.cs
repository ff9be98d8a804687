using System.Globalization;
using System.Reflection;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Conformance.Run;

/// <summary>A spec that shows a statement.</summary>
/// <param name="Method">The spec.</param>
/// <param name="Version">Of the statement.</param>
/// <param name="Id">Of the statement.</param>
/// <param name="IsOurAnswer">See <see cref="StatementAttribute.IsOurAnswer"/>.</param>
internal sealed record TaggedSpec(MethodInfo Method, ProtocolVersion Version, string Id, bool IsOurAnswer)
{
    /// <summary>Every tag of every spec, in the order of the specs' names.</summary>
    public static IReadOnlyList<TaggedSpec> All { get; } =
    [
        .. from type in typeof(TaggedSpec).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
           from tag in method.GetCustomAttributes<StatementAttribute>()
           from id in tag.Ids
           orderby type.Name, method.MetadataToken
           select new TaggedSpec(method, tag.Version, id, tag.IsOurAnswer),
    ];

    /// <summary>Class and method.</summary>
    public string Name => $"{Method.DeclaringType!.Name}.{Method.Name}";

    /// <summary>Whether it talks to a broker at all; the others show what our client codec does.</summary>
    public bool UsesBroker => Method.DeclaringType!.GetConstructors().Single().GetParameters().Length > 0;

    /// <summary>Whether it shows that a broker meets the statement.</summary>
    public bool JudgesBroker => UsesBroker && !IsOurAnswer;

    /// <summary>Whether it can talk to any broker; the others start one with settings of their own.</summary>
    public bool UsesAnyBroker => UsesBroker
        && Method.DeclaringType!.GetConstructors().Single().GetParameters().All(parameter => parameter.ParameterType == typeof(SharedBroker));

    /// <summary>The arguments of each run that shows the statement: of a theory over versions, those of its version.</summary>
    public IEnumerable<object?[]> Runs()
    {
        var versioned = Method.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(ProtocolVersion);
        return Method.GetCustomAttributes<Xunit.Sdk.DataAttribute>()
            .SelectMany(data => data.GetData(Method))
            .DefaultIfEmpty([])
            .Where(arguments => !versioned || Version.Equals(arguments[0]))
            .Select(Converted);
    }

    /// <summary>An attribute's numbers may be narrower or wider than the parameters, as xunit allows.</summary>
    private object?[] Converted(object[] arguments) =>
        [.. Method.GetParameters().Zip(arguments, (parameter, argument) => parameter.ParameterType.IsPrimitive
            ? Convert.ChangeType(argument, parameter.ParameterType, CultureInfo.InvariantCulture)
            : argument)];
}

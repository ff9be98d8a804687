using System.Globalization;
using Broker.Protocol.Packets;

namespace Broker.Specs.Conformance.Statements;

/// <summary>A normative statement of the standard.</summary>
/// <param name="Version">V311 or V5.</param>
/// <param name="Id">As the standard writes it.</param>
/// <param name="Binds">Whom it binds.</param>
/// <param name="Gist">What it asks for, in our words.</param>
internal sealed record Statement(ProtocolVersion Version, string Id, Binding Binds, string Gist)
{
    private static readonly ProtocolVersion[] Versions = [ProtocolVersion.V311, ProtocolVersion.V5];

    /// <summary>Every statement of both versions, in the standard's order.</summary>
    public static IReadOnlyList<Statement> All { get; } = [.. Versions.SelectMany(Read)];

    /// <summary>Whether a server can break it.</summary>
    public bool BindsServers => Binds is not Binding.Client;

    /// <summary>The section it stands in, such as 3.1.2.</summary>
    public string Section => Id["MQTT-".Length..Id.LastIndexOf('-')].TrimEnd('.');

    /// <summary>The version as the standard writes it.</summary>
    public static string Name(ProtocolVersion version) => version == ProtocolVersion.V5 ? "5.0" : "3.1.1";

    /// <summary>The inverse of <see cref="Name"/>.</summary>
    public static ProtocolVersion Parse(string name) => name == "5.0" ? ProtocolVersion.V5 : ProtocolVersion.V311;

    private static IEnumerable<Statement> Read(ProtocolVersion version) =>
        from line in Lines($"{Name(version)}.tsv")
        let fields = line.Split('\t')
        select new Statement(version, fields[0], Enum.Parse<Binding>(fields[1], ignoreCase: true), fields[2]);

    private static string[] Lines(string file)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{typeof(Statement).Namespace}.{file}");
        using var stream = typeof(Statement).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly holds no {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

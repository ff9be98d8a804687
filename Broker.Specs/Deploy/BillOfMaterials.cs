using System.Text;
using System.Text.Json;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Deploy;

/// <summary>What a project is made of, as the build writes it (CycloneDX).</summary>
internal sealed class BillOfMaterials
{
    private BillOfMaterials(JsonElement document) =>
        Packages = [.. document.GetProperty("components").EnumerateArray().Select(component => new ListedPackage(component))];

    public IReadOnlyList<ListedPackage> Packages { get; }

    public static async Task<BillOfMaterials> WriteAsync(string project)
    {
        using var folder = new TemporaryFolder();
        await using (var build = ChildProcess.Start(
            "dotnet", ["msbuild", RepositoryFolder.Find(project, project + ".csproj"), "-t:WriteSbom", $"-p:SbomFolder={folder.FullName}{Path.DirectorySeparatorChar}"]))
        {
            (await build.WaitForExitAsync(Deadline.ForBuilds)).Should().Be(0, build.Transcript());
        }

        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(folder.File("sbom.json")));
        return new BillOfMaterials(document.RootElement);
    }

    /// <summary>The packages that a project's lock file has, as <c>Name@version</c>.</summary>
    public static IEnumerable<string> Locked(string project)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(RepositoryFolder.Find(project, "packages.lock.json")));
        foreach (var package in file.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject()))
        {
            if (package.Value.GetProperty("type").GetString() != "Project")
            {
                yield return $"{package.Name}@{package.Value.GetProperty("resolved").GetString()}";
            }
        }
    }
}

/// <summary>A package of the bill.</summary>
internal sealed class ListedPackage(JsonElement component)
{
    /// <summary><c>Name@version</c>.</summary>
    public string Id { get; } = $"{component.GetProperty("name").GetString()}@{component.GetProperty("version").GetString()}";

    public string Name { get; } = component.GetProperty("name").GetString()!;

    /// <summary>SHA-512 in hexadecimal digits; null: it has none.</summary>
    public string? Hash { get; } = component.TryGetProperty("hashes", out var hashes)
        ? hashes.EnumerateArray().Single(hash => hash.GetProperty("alg").GetString() == "SHA-512").GetProperty("content").GetString()
        : null;

    /// <summary>The names that SPDX has for them; where it has none, the first line of the text, or where the text is.</summary>
    public IReadOnlyList<string> Licences { get; } = component.TryGetProperty("licenses", out var licences)
        ? [.. licences.EnumerateArray().Select(licence => Licence(licence.GetProperty("license")))]
        : [];

    private static string Licence(JsonElement licence) =>
        licence.TryGetProperty("id", out var id) ? id.GetString()!
        : licence.TryGetProperty("text", out var text) ? FirstLine(text.GetProperty("content").GetString()!)
        : licence.GetProperty("url").GetString()!;

    private static string FirstLine(string base64)
    {
        using var reader = new StringReader(Encoding.UTF8.GetString(Convert.FromBase64String(base64)).TrimStart('\uFEFF'));
        return reader.ReadLine()!.Trim();
    }
}

using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Deploy;

/// <summary>The compiler of Azure's templates, from its package.</summary>
internal static class Bicep
{
    private static readonly string Program = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Bicep").Value!;

    /// <summary>docker/azure.</summary>
    public static string Folder => RepositoryFolder.Find("docker", "azure");

    /// <summary>The compiled template, and what the compiler had to say.</summary>
    public static async Task<(JsonElement Template, string Said)> BuildAsync(string file)
    {
        var (output, said) = await RunAsync("build", Path.Combine(Folder, file), "--stdout");
        return (JsonDocument.Parse(output).RootElement, said);
    }

    /// <summary>What the linter finds; empty: nothing.</summary>
    public static async Task<string> LintAsync(string file)
    {
        var (output, said) = await RunAsync("lint", Path.Combine(Folder, file));
        return output + said;
    }

    private static async Task<(string Output, string Said)> RunAsync(params string[] arguments)
    {
        if (!OperatingSystem.IsWindows())
        {
            // Packages do not keep that a file is a program.
            File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var (output, said) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, await said);
        return (await output, await said);
    }
}

using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Cluster.Harness;

/// <summary>The program as an earlier commit of this repository has it, built from git in a folder of its own.</summary>
internal sealed class EarlierRelease : IAsyncDisposable
{
    /// <summary>Names another commit than <see cref="Default"/>.</summary>
    private const string Variable = "MQTT_UPGRADE_FROM";

    /// <summary>While there is no release: the last commit before security's rules, metrics, the management API and what came with them.</summary>
    private const string Default = "0fe84cff995b9bddd754c420d2c72dfe59714b37";

    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(15);

    private readonly TemporaryFolder _folder = new();
    private readonly string _repository;

    private EarlierRelease(string repository, string commit) => (_repository, Commit) = (repository, commit);

    /// <summary>That it was built from.</summary>
    public string Commit { get; }

    /// <summary>Where its program is.</summary>
    public string Program => _folder.File("bin");

    private string Sources => _folder.File("sources");

    /// <summary>Builds it.</summary>
    /// <exception cref="InvalidOperationException">The commit is not in this folder's history.</exception>
    public static async Task<EarlierRelease> BuildAsync()
    {
        var repository = Path.GetDirectoryName(RepositoryFolder.Find("Akka.Mqtt.sln"))!;
        var commit = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : Default;
        if (await RunAsync("git", ["-C", repository, "cat-file", "-e", commit + "^{commit}"]) is { ExitCode: not 0 } unknown)
        {
            throw new InvalidOperationException(
                $"The upgrade begins at commit {commit}, which {repository} does not have ({unknown.Said}). Clone the repository with its history (git fetch --unshallow), "
                + $"or name another commit in {Variable}.");
        }

        var release = new EarlierRelease(repository, commit);
        try
        {
            await ExpectAsync("git", ["-C", repository, "worktree", "add", "--detach", release.Sources, commit]);

            // Without what is kept running for the next build: it would outlive this one.
            await ExpectAsync(
                "dotnet",
                ["publish", Path.Combine(release.Sources, "Broker.Node"), "-c", "Release", "-o", release.Program, "--disable-build-servers", "-nodeReuse:false", "-p:RunAnalyzers=false"]);
            return release;
        }
        catch
        {
            await release.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await ExpectAsync("git", ["-C", _repository, "worktree", "prune"]);
    }

    private static async Task ExpectAsync(string program, string[] arguments)
    {
        var (exitCode, said) = await RunAsync(program, arguments);
        exitCode.Should().Be(0, "{0} {1} said: {2}", program, string.Join(' ', arguments), said);
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(string program, string[] arguments)
    {
        await using var child = ChildProcess.Start(program, arguments);
        var exitCode = await child.WaitForExitAsync(BuildLimit);
        return (exitCode, child.Transcript());
    }
}

using System.Data.Common;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Broker.Specs.Support.Databases;

/// <summary>A private database server on a free port of this machine, in a directory of its own, run by a user without rights.</summary>
internal abstract partial class DatabaseServer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mqtt-database-");
    private Process? _process;
    private int _databases;

    /// <summary>TCP, on 127.0.0.1.</summary>
    public int Port { get; } = FreePort();

    /// <summary>Where its data is.</summary>
    protected string DataDirectory => Path.Combine(_root.FullName, "data");

    /// <summary>What ends it in order, at once.</summary>
    protected abstract PosixSignal StopSignal { get; }

    /// <summary>Makes the data directory and starts the server.</summary>
    public async Task CreateAsync()
    {
        await GiveAsync(_root.FullName);

        var (program, arguments) = Initialization();
        await RunAsync(program, arguments);
        Initialized();
        await StartAsync();
    }

    /// <summary>Starts it again on what is there.</summary>
    public async Task StartAsync()
    {
        var (program, arguments) = Service();
        _process = Process.Start(Command(program, arguments))!;
        _ = _process.StandardOutput.ReadToEndAsync();
        var errors = _process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await AnswersAsync())
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"{program} ended: {await errors}");
            }

            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    /// <summary>Stops it in order; connections are cut.</summary>
    public Task StopAsync() => EndAsync(StopSignal == PosixSignal.SIGINT ? 2 : 15);

    /// <summary>As a crash: nothing is written any more.</summary>
    public Task KillAsync() => EndAsync(9);

    /// <summary>A new, empty database; answers the connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"spec{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Runs a statement as the server's owner.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = Connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Makes the server's user the owner of a folder: databases refuse to run as root.</summary>
    public static async Task GiveAsync(string folder)
    {
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", ["nobody", folder]);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _root.Delete(recursive: true);
    }

    /// <summary>A connection of the server's owner, not open, not pooled.</summary>
    protected abstract DbConnection Connect();

    protected abstract string ConnectionString(string database);

    protected abstract (string Program, string[] Arguments) Initialization();

    /// <summary>Its data directory is there, and it has not been started yet.</summary>
    protected virtual void Initialized()
    {
    }

    protected abstract (string Program, string[] Arguments) Service();

    /// <summary>The program's path, from PATH or one of Debian's folders.</summary>
    protected static string Find(string program, params string[] folders)
    {
        var candidates = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(folders).Select(folder => Path.Combine(folder, program));
        return candidates.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException($"{program} is not installed; test.sh installs it.");
    }

    private static ProcessStartInfo Command(string program, string[] arguments)
    {
        var asNobody = Environment.UserName == "root" ? new[] { "--reuid=nobody", "--regid=nogroup", "--clear-groups", program } : [];
        return new ProcessStartInfo(asNobody.Length > 0 ? "setpriv" : program, [.. asNobody, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
    }

    /// <summary>Runs a program to its end, as the server's user.</summary>
    protected static async Task RunAsync(string program, string[] arguments)
    {
        var start = program == "chown" ? new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } : Command(program, arguments);
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(Deadline);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed: {string.Concat(output)}");
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await ExecuteAsync("SELECT 1");
            return true;
        }
        catch (Exception problem) when (problem is DbException or SocketException or IOException or TimeoutException)
        {
            return false;
        }
    }

    private async Task EndAsync(int signal)
    {
        if (_process is { HasExited: false } process)
        {
            _ = Kill(process.Id, signal);
            await process.WaitForExitAsync().WaitAsync(Deadline);
            process.Dispose();
        }

        _process = null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}

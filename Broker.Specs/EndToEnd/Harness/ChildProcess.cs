using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>
/// A program that a spec starts, with what it printed. It does not outlive the test host: a watcher beside it kills it
/// when the host's end of its standard input closes, which the kernel does however the host dies.
/// </summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigContinue = 18;
    private const int SigStop = 19;

    // With SIGXFSZ ignored, a write beyond a limit of file sizes is an error and not the end (FileSizeLimit). The shell becomes the program (exec), so that the process id and the exit code are the program's own. The watcher ends
    // without killing when it reads a line, and has no hold on the output pipes.
    private const string WatchAndRun = """
        trap '' XFSZ
        exec 3<&0
        ( read -r line <&3 || kill -9 $$ ) >/dev/null 2>&1 &
        exec 3<&-
        exec "$@" </dev/null
        """;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly string _name;

    private ChildProcess(Process process, string name)
    {
        _process = process;
        _name = name;
    }

    /// <summary>The program's process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Everything printed so far to standard output and standard error, one string a line.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Starts a program found on the path, or by its full name.</summary>
    /// <exception cref="InvalidOperationException">The program is not installed.</exception>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, string? workingDirectory = null)
    {
        RequireProgram(program);
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var argument in (string[])["-c", WatchAndRun, "sh", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var child = new ChildProcess(new Process { StartInfo = start }, Path.GetFileName(program));
        child._process.OutputDataReceived += (_, line) => child.Printed(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Printed(line.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end and answers what it printed; any exit code but 0 fails the spec.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(string program, params string[] arguments)
    {
        await using var child = Start(program, arguments);
        var exitCode = await child.WaitForExitAsync(Deadline.ForPrograms);
        exitCode.Should().Be(0, "{0} {1} printed: {2}", program, string.Join(' ', arguments), child.Transcript());
        return [.. child.Output];
    }

    /// <summary>Waits until it has printed a line that holds <paramref name="text"/>.</summary>
    public async Task WaitForLineAsync(string text)
    {
        bool Printed() => _output.Any(line => line.Contains(text, StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => Task.FromResult(Printed() || _process.HasExited), Deadline.ForPrograms);
        if (_process.HasExited)
        {
            await _process.WaitForExitAsync(); // until its last lines have been read
        }

        Printed().Should().BeTrue("{0} should print \"{1}\". It printed: {2}", _name, text, Transcript());
    }

    /// <summary>Waits for its end and answers its exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_name} did not end within {limit}. It printed:\n{Transcript()}");
        }

        return _process.ExitCode;
    }

    /// <summary>Asks it to end (SIGTERM).</summary>
    public void Terminate() => _ = SendSignal(_process.Id, SigTerm);

    /// <summary>Ends it without a word (SIGKILL).</summary>
    public void Kill() => _process.Kill();

    /// <summary>From now on it does not run (SIGSTOP), until <see cref="Thaw"/>.</summary>
    public void Freeze() => _ = SendSignal(_process.Id, SigStop);

    /// <summary>It goes on as if nothing had been (SIGCONT).</summary>
    public void Thaw() => _ = SendSignal(_process.Id, SigContinue);

    /// <summary>The last lines printed, for failure messages.</summary>
    public string Transcript(int lines = 60) => string.Join('\n', _output.TakeLast(lines));

    /// <summary>Ends it if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await WaitForExitAsync(Deadline.ForPrograms);
        }

        try
        {
            await _process.StandardInput.WriteLineAsync();
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The watcher is gone too: there is nobody left to call off.
        }

        _process.Dispose();
    }

    private static void RequireProgram(string program)
    {
        var folders = Path.IsPathRooted(program) ? [""] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            throw new InvalidOperationException($"This spec needs the program '{program}', which is not installed. test.sh installs what the specs need.");
        }
    }

    private void Printed(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}

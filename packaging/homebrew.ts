import type { Download } from './release/downloads.ts'

const description = 'Sign in to Alibaba Cloud once, with short-lived credentials in the keychain'

/**
 * The Homebrew formula of a release, `sesame.rb`. Homebrew runs on macOS, and on Linux with glibc; completions and man page are what
 * the program prints.
 * @throws Error when an archive that it needs is missing
 */
export function homebrewFormula(
  version: string,
  homepage: string,
  downloads: ReadonlyMap<string, Download>,
): string {
  const from = (target: string, indent: number): string[] => {
    const download = downloads.get(target)
    if (download === undefined)
      throw new Error(`SHA256SUMS has no archive for ${target}, which the formula needs.`)
    return [`url "${download.url}"`, `sha256 "${download.sha256}"`].map((line) => ' '.repeat(indent) + line)
  }
  return `class Sesame < Formula
  desc "${description}"
  homepage "${homepage}"
  version "${version}"
  license "Apache-2.0"

  on_macos do
    on_arm do
${from('darwin-arm64', 6).join('\n')}
    end
    on_intel do
${from('darwin-x64', 6).join('\n')}
    end
  end

  on_linux do
    on_arm do
${from('linux-arm64', 6).join('\n')}
    end
    on_intel do
      if Hardware::CPU.avx2?
${from('linux-x64', 8).join('\n')}
      else
${from('linux-x64-baseline', 8).join('\n')}
      end
    end
  end

  def install
    bin.install "sesame"
    generate_completions_from_executable(bin/"sesame", "completion")
    (man1/"sesame.1").write Utils.safe_popen_read(bin/"sesame", "help", "--man")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/sesame version")
  end
end
`
}

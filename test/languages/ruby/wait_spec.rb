require_relative 'paybox_sim'

RSpec.describe PayboxSim::Gateway do
  include PayboxSim::RSpec

  it 'waits' do
    File.write('url.txt', "#{paybox.url}\n")
    sleep 600
  end
end
